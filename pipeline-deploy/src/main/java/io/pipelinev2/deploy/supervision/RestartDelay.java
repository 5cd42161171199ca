package io.pipelinev2.deploy.supervision;

import io.pipelinev2.core.deployment.ProcessRun;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.DoubleSupplier;

/**
 * How long to wait before a process is started again: 1 s, doubled with each crash in a row, at most 300 s, each a quarter
 * more or less so that processes that crashed together do not start together. A run of ten minutes ends the row.
 */
final class RestartDelay {

    private static final Duration FIRST = Duration.ofSeconds(1);
    static final Duration LONGEST = Duration.ofSeconds(300);
    private static final Duration GOOD_RUN = Duration.ofMinutes(10);
    private static final double JITTER = 0.25;
    private static final int MAX_DOUBLINGS = 9;

    private final DoubleSupplier random;

    /**
     * @param random numbers from 0 to 1
     */
    RestartDelay(DoubleSupplier random) {
        this.random = random;
    }

    /**
     * @param runs all starts of the process, the one that crashed just now included
     * @param restartsSinceReset how many restarts followed the operator's last reset
     */
    Duration after(List<ProcessRun> runs, int restartsSinceReset) {
        int inARow = 0;
        for (int i = runs.size() - 1; i >= 0 && inARow <= restartsSinceReset; i--) {
            ProcessRun run = runs.get(i);
            boolean crashed = run.crashed() || CommonCause.isExcused(run);
            if (!crashed || isGood(run)) {
                break;
            }
            inARow++;
        }
        int doublings = Math.min(MAX_DOUBLINGS, Math.max(0, inARow - 1));
        double factor = 1 - JITTER + 2 * JITTER * random.getAsDouble();
        long millis = Math.round(FIRST.toMillis() * Math.pow(2, doublings) * factor);
        return Duration.ofMillis(Math.min(millis, LONGEST.toMillis()));
    }

    private static boolean isGood(ProcessRun run) {
        Instant end = run.endedAt();
        return end != null && Duration.between(run.startedAt(), end).compareTo(GOOD_RUN) >= 0;
    }
}
