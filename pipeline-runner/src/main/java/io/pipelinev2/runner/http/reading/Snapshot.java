package io.pipelinev2.runner.http.reading;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Something as it was known at some time.
 *
 * @param value the latest that could be read, or null if nothing could be read yet
 * @param takenAt when it was read, or null if nothing could be read yet
 * @param age how long ago that was, zero if nothing could be read yet
 * @param trouble why there is nothing newer, or null if there is no trouble
 */
public record Snapshot<T>(
        @Nullable T value,
        @Nullable Instant takenAt,
        Duration age,
        @Nullable String trouble) {}
