package io.pipelinev2.runner.config;

import java.time.Duration;

/**
 * The rhythm of the daemon: the block {@code daemon}.
 *
 * @param checkInterval how often it looks for new trials
 * @param healthCheckInterval how often it checks the health of its parts
 * @param workers how many attempts of stages run at a time
 * @param lease how long a claim lasts that its runner does not renew
 * @param cancelGrace how long an attempt that was asked to end may take until it is interrupted, and after that until it
 *     is abandoned
 */
public record DaemonConfig(
        Duration checkInterval, Duration healthCheckInterval, int workers, Duration lease, Duration cancelGrace) {

    private static final Rule<Duration> INTERVAL = Rule.atLeast(Duration.ofMillis(100));
    private static final Rule<Integer> WORKERS = Rule.between(1, 256);
    private static final Rule<Duration> LEASE = Rule.atLeast(Duration.ofSeconds(1));

    public DaemonConfig {
        INTERVAL.require("check_interval", checkInterval);
        INTERVAL.require("health_check_interval", healthCheckInterval);
        WORKERS.require("workers", workers);
        LEASE.require("lease", lease);
        Rule.NOT_NEGATIVE.require("cancel_grace", cancelGrace);
    }

    static DaemonConfig read(Options options) {
        DaemonConfig daemon = new DaemonConfig(
                options.duration("check_interval", Duration.ofMinutes(5), INTERVAL),
                options.duration("health_check_interval", Duration.ofMinutes(1), INTERVAL),
                options.integer("workers", 2, WORKERS),
                options.duration("lease", Duration.ofMinutes(1), LEASE),
                options.duration("cancel_grace", Duration.ofSeconds(5), Rule.NOT_NEGATIVE));
        options.refuseUnknown();
        return daemon;
    }
}
