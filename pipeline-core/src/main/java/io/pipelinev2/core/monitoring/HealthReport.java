package io.pipelinev2.core.monitoring;

import java.time.Instant;

/**
 * How well a component was at some time.
 *
 * @param component {@code manager}, {@code discovery}, {@code deploy}, {@code supervision}, or the name of a stage
 * @param status how well
 * @param message why, in words
 * @param at when
 */
public record HealthReport(String component, HealthStatus status, String message, Instant at) {

    public static final String MANAGER = "manager";
    public static final String DISCOVERY = "discovery";
    public static final String DEPLOY = "deploy";
    public static final String SUPERVISION = "supervision";
}
