package io.pipelinev2.deploy.supervision;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * How processes are kept.
 *
 * @param capacity how many may run at a time
 * @param startTime how long a process must have lived to count as started
 * @param stopGrace how long a process may take to end after it was asked to
 * @param autoRestart whether a process that crashed is started again
 * @param budget how many restarts are too many
 * @param reportsHealth whether the process writes heartbeats, as the bundled trader does
 * @param hungAfter how long a process that reports may make no progress before it is replaced
 * @param logs how much room its output may take
 * @param secrets files with what it may know and nobody else, by the names under which it finds copies of them
 * @param hold why no process may be started at present, in words; empty if one may
 */
public record SupervisionSettings(
        int capacity,
        Duration startTime,
        Duration stopGrace,
        boolean autoRestart,
        CrashBudget budget,
        boolean reportsHealth,
        Duration hungAfter,
        LogLimits logs,
        Map<String, Path> secrets,
        Supplier<Optional<String>> hold) {

    /** How long a trader whose loop makes no progress is given, unless told otherwise. */
    public static final Duration HUNG_AFTER = Duration.ofSeconds(60);

    public SupervisionSettings {
        secrets = Map.copyOf(secrets);
        if (hungAfter.isNegative() || hungAfter.isZero()) {
            throw new IllegalArgumentException("stages.deploy.hung_after must be positive, was " + hungAfter);
        }
    }

    /** How a process is kept whose output and progress are watched as they usually are, and that is told no secrets. */
    public SupervisionSettings(
            int capacity,
            Duration startTime,
            Duration stopGrace,
            boolean autoRestart,
            CrashBudget budget,
            boolean reportsHealth) {
        this(
                capacity,
                startTime,
                stopGrace,
                autoRestart,
                budget,
                reportsHealth,
                HUNG_AFTER,
                LogLimits.DEFAULT,
                Map.of(),
                Optional::empty);
    }

    public SupervisionSettings withHungAfter(Duration value) {
        return new SupervisionSettings(
                capacity, startTime, stopGrace, autoRestart, budget, reportsHealth, value, logs, secrets, hold);
    }

    public SupervisionSettings withLogs(LogLimits value) {
        return new SupervisionSettings(
                capacity, startTime, stopGrace, autoRestart, budget, reportsHealth, hungAfter, value, secrets, hold);
    }

    public SupervisionSettings withSecrets(Map<String, Path> value) {
        return new SupervisionSettings(
                capacity, startTime, stopGrace, autoRestart, budget, reportsHealth, hungAfter, logs, value, hold);
    }

    public SupervisionSettings withHold(Supplier<Optional<String>> value) {
        return new SupervisionSettings(
                capacity, startTime, stopGrace, autoRestart, budget, reportsHealth, hungAfter, logs, secrets, value);
    }
}
