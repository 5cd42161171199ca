package io.pipelinev2.deploy.supervision;

import io.pipelinev2.core.deployment.ProcessRun;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * How often a process may be started again after crashes within a sliding window. It is counted over the recorded starts,
 * so that neither a healthy minute nor a restart of the supervisor refills it.
 *
 * @param restarts how many restarts the window may hold
 * @param window its length
 */
public record CrashBudget(int restarts, Duration window) {

    public CrashBudget {
        if (restarts < 0) {
            throw new IllegalArgumentException("stages.deploy.restarts must be 0 or more, was " + restarts);
        }
        if (window.isNegative() || window.isZero()) {
            throw new IllegalArgumentException("stages.deploy.window must be positive, was " + window);
        }
    }

    /**
     * Whether one more restart would be too many.
     *
     * @param runs all starts of the process, the one that crashed just now included
     * @param restartsSinceReset how many restarts followed the operator's last reset
     */
    boolean isExhausted(List<ProcessRun> runs, int restartsSinceReset, Instant now) {
        return used(runs, restartsSinceReset + 1, now) > restarts;
    }

    /**
     * How many crashes the window can still take before the process is given up.
     *
     * @param runs all starts of the process
     * @param crashesSinceReset how many crashes followed the operator's last reset
     */
    public int left(List<ProcessRun> runs, int crashesSinceReset, Instant now) {
        return (int) Math.max(0, restarts - used(runs, crashesSinceReset, now));
    }

    private long used(List<ProcessRun> runs, int crashesSinceReset, Instant now) {
        Instant from = now.minus(window);
        long crashes = runs.stream()
                .filter(run ->
                        run.crashed() && run.endedAt() != null && run.endedAt().isAfter(from))
                .count();
        return Math.min(crashes, crashesSinceReset);
    }
}
