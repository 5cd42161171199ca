package io.pipelinev2.runner.http.html;

import io.pipelinev2.core.deployment.DeploymentHealth;
import io.pipelinev2.core.deployment.DeploymentStatus;
import io.pipelinev2.core.deployment.TradingState;
import io.pipelinev2.core.monitoring.HealthStatus;
import io.pipelinev2.core.stage.StageStatus;
import io.pipelinev2.core.trial.TrialStatus;

/**
 * A state as a shape and a word, coloured on top.
 *
 * @param icon the shape
 * @param tone the colour: good, busy, warn, bad or quiet
 * @param word the word
 */
public record Chip(Icon icon, String tone, String word) {

    public static Chip of(HealthStatus status) {
        return switch (status) {
            case HEALTHY -> new Chip(Icon.CHECK, "good", "healthy");
            case DEGRADED -> new Chip(Icon.TRIANGLE, "warn", "degraded");
            case DOWN -> new Chip(Icon.CROSS, "bad", "down");
        };
    }

    public static Chip of(TrialStatus status) {
        return switch (status) {
            case PENDING -> new Chip(Icon.CLOCK, "quiet", "pending");
            case PROCESSING -> new Chip(Icon.HALF, "busy", "processing");
            case DEPLOYED -> new Chip(Icon.PLAY, "good", "deployed");
            case COMPLETED -> new Chip(Icon.CHECK, "plain", "completed");
            case FAILED -> new Chip(Icon.CROSS, "bad", "failed");
        };
    }

    public static Chip of(StageStatus status) {
        return switch (status) {
            case PENDING -> new Chip(Icon.CLOCK, "quiet", "pending");
            case RUNNING -> new Chip(Icon.HALF, "busy", "running");
            case PASSED -> new Chip(Icon.CHECK, "good", "passed");
            case FAILED -> new Chip(Icon.CROSS, "bad", "failed");
            case SKIPPED -> new Chip(Icon.DASH, "quiet", "skipped");
        };
    }

    public static Chip of(DeploymentStatus status) {
        return switch (status) {
            case RUNNING -> new Chip(Icon.PLAY, "good", "running");
            case STOPPED -> new Chip(Icon.DASH, "quiet", "stopped");
            case CRASHED -> new Chip(Icon.CROSS, "bad", "crashed");
        };
    }

    public static Chip of(DeploymentHealth health) {
        return switch (health) {
            case STARTING -> new Chip(Icon.HALF, "busy", "starting");
            case HEALTHY -> new Chip(Icon.CHECK, "good", "healthy");
            case DEGRADED -> new Chip(Icon.TRIANGLE, "warn", "degraded");
            case STALE -> new Chip(Icon.TRIANGLE, "warn", "stale");
            case HUNG -> new Chip(Icon.CROSS, "bad", "hung");
            case CRASH_LOOP -> new Chip(Icon.CROSS, "bad", "crash loop");
            case PERMANENT_FAILURE -> new Chip(Icon.CROSS, "bad", "permanent failure");
            case BACKOFF -> new Chip(Icon.CLOCK, "warn", "waiting to restart");
            case STOPPING -> new Chip(Icon.HALF, "busy", "stopping");
            case STOPPED -> new Chip(Icon.DASH, "quiet", "stopped");
            case UNKNOWN -> new Chip(Icon.TRIANGLE, "warn", "unknown");
        };
    }

    public static Chip of(TradingState state) {
        return switch (state) {
            case ACTIVE -> new Chip(Icon.PLAY, "good", "active");
            case REDUCING -> new Chip(Icon.TRIANGLE, "warn", "reducing");
            case HALTED -> new Chip(Icon.CROSS, "bad", "halted");
        };
    }

    public Element node() {
        return Element.of("span", icon.node(), new Text(word)).style("chip " + tone);
    }

    /** With something else to read in place of the word, which is left to those who cannot see the shape. */
    public Element labelled(String label) {
        return Element.of(
                        "span",
                        icon.node(),
                        new Text(label),
                        Element.of("span", " " + word).style("aside"))
                .style("chip small " + tone)
                .attribute("title", label + " " + word);
    }
}
