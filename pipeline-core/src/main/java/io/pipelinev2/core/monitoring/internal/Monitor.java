package io.pipelinev2.core.monitoring.internal;

import io.pipelinev2.core.monitoring.HealthReport;
import io.pipelinev2.core.monitoring.HealthStatus;
import io.pipelinev2.core.monitoring.PipelineStatus;
import io.pipelinev2.core.stage.StageHold;
import io.pipelinev2.core.store.PipelineStore;
import io.pipelinev2.core.store.StoreReader;
import io.pipelinev2.core.trial.TrialStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Records how components are, and sums it up. */
public final class Monitor {

    /** The store's setting that holds when discovery last succeeded. */
    public static final String LAST_CHECK = "last_check";

    private static final int MISSED_REPORTS = 3;

    private final PipelineStore store;
    private final Duration interval;

    /**
     * @param interval how often a daemon reports
     */
    public Monitor(PipelineStore store, Duration interval) {
        this.store = store;
        this.interval = interval;
    }

    /** Records how a component is now. */
    public void report(String component, HealthStatus status, String message) {
        store.write(tx -> {
            tx.record(new HealthReport(component, status, message, store.now()));
            return null;
        });
    }

    /** A snapshot of how the pipeline stands. */
    public PipelineStatus status() {
        return store.read(this::status);
    }

    private PipelineStatus status(StoreReader tx) {
        Map<TrialStatus, Long> counts = new EnumMap<>(TrialStatus.class);
        for (TrialStatus status : TrialStatus.values()) {
            counts.put(status, 0L);
        }
        counts.putAll(tx.countByStatus());
        List<HealthReport> components = tx.latestHealth();
        List<StageHold> holds = tx.holds();
        Instant now = store.now();
        return new PipelineStatus(
                overall(components, holds, now),
                counts,
                tx.setting(LAST_CHECK).map(Instant::parse).orElse(null),
                components,
                holds,
                now);
    }

    private HealthStatus overall(List<HealthReport> components, List<StageHold> holds, Instant now) {
        Instant oldest = now.minus(interval.multipliedBy(MISSED_REPORTS));
        boolean alive = components.stream()
                .anyMatch(report -> report.component().equals(HealthReport.MANAGER)
                        && report.status() != HealthStatus.DOWN
                        && report.at().isAfter(oldest));
        if (!alive) {
            return HealthStatus.DOWN;
        }
        // an old report is about a process that is no more
        boolean troubled = components.stream()
                .anyMatch(report ->
                        report.status() != HealthStatus.HEALTHY && report.at().isAfter(oldest));
        troubled |= holds.stream().anyMatch(hold -> hold.kind() == StageHold.Kind.TRIPPED);
        return troubled ? HealthStatus.DEGRADED : HealthStatus.HEALTHY;
    }
}
