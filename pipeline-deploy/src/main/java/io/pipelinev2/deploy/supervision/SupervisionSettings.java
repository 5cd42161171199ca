package io.pipelinev2.deploy.supervision;

import java.time.Duration;

/**
 * How processes are kept.
 *
 * @param capacity how many may run at a time
 * @param startTime how long a process must have lived to count as started
 * @param stopGrace how long a process may take to end after it was asked to
 * @param autoRestart whether a process that crashed is started again
 * @param budget how many restarts are too many
 * @param reportsHealth whether the process writes heartbeats, as the bundled trader does
 */
public record SupervisionSettings(
        int capacity,
        Duration startTime,
        Duration stopGrace,
        boolean autoRestart,
        CrashBudget budget,
        boolean reportsHealth) {}
