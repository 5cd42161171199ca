package io.pipelinev2.core.stage;

import java.time.Instant;

/**
 * The right of one runner to work on a stage until a point in time.
 *
 * @param runner the runner's identity, unique per process start
 * @param host the machine it runs on
 * @param until when the right ends unless it is renewed
 */
public record Lease(String runner, String host, Instant until) {}
