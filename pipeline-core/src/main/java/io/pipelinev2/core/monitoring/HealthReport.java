package io.pipelinev2.core.monitoring;

import java.time.Instant;

/**
 * How well a component was at some time.
 *
 * @param component {@code manager}, {@code discovery}, {@code deploy}, {@code supervision}, the name of a stage, or that of a
 *     check beside the loops, such as {@code disk}
 * @param status how well
 * @param message why, in words
 * @param at when
 */
public record HealthReport(String component, HealthStatus status, String message, Instant at) {

    /** The daemon as a whole. */
    public static final String MANAGER = "manager";
    /** The search for new trials. */
    public static final String DISCOVERY = "discovery";
    /** The choice of whom to deploy. */
    public static final String DEPLOY = "deploy";
    /** The care for deployed processes. */
    public static final String SUPERVISION = "supervision";
}
