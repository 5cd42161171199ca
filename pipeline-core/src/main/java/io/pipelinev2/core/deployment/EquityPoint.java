package io.pipelinev2.core.deployment;

import java.time.Instant;

/**
 * What a paper account was worth after a bar.
 *
 * @param step how many bars had been traded with this one
 * @param at when the trader wrote it
 * @param equity what the account was worth, on paper
 */
public record EquityPoint(long step, Instant at, double equity) {}
