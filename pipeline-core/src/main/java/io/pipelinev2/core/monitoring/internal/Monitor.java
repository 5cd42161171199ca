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
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Records how components are, and sums it up. */
public final class Monitor {

    /** The store's setting that holds when discovery last succeeded. */
    public static final String LAST_CHECK = "last_check";

    /** Of looks from outside (disks, clock, feeds) that find all well only each tenth is recorded; whatever else they find always is. */
    public static final int GOOD_NEWS_EVERY = 10;

    private static final int MISSED_REPORTS = 3;

    /** For looks that take long, beside the intervals between them. */
    private static final Duration SLOW_LOOKS = Duration.ofMinutes(3);

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

    /**
     * Says that a daemon begins, and what it is made of. Whatever else was reported of before is history from now on.
     *
     * @param components whom it reports on
     * @param stages those of its plan
     */
    public void begin(Collection<String> components, Collection<String> stages) {
        store.write(tx -> {
            Instant now = store.now();
            Roster.of(now, components, stages).put(tx);
            tx.record(new HealthReport(HealthReport.MANAGER, HealthStatus.HEALTHY, "started", now));
            return null;
        });
    }

    /** Says that somebody beside the daemon's own loops reports on these components from now on. */
    public void join(Collection<String> components) {
        store.write(tx -> {
            Roster roster = Roster.in(tx);
            if (roster != null) {
                roster.with(components).put(tx);
            }
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
        Instant now = store.now();
        List<HealthReport> reports = tx.latestHealth();
        Roster roster = Roster.in(tx);
        List<HealthReport> components = components(reports, roster, interval, now);
        List<StageHold> holds = holds(tx);
        boolean troubled = !troubles(components, roster, interval, now).isEmpty();
        for (StageHold hold : holds) {
            troubled |= hold.kind() == StageHold.Kind.TRIPPED;
        }
        HealthStatus overall = troubled ? HealthStatus.DEGRADED : HealthStatus.HEALTHY;
        return new PipelineStatus(
                isAlive(reports, interval, now) ? overall : HealthStatus.DOWN,
                counts,
                tx.setting(LAST_CHECK).map(Instant::parse).orElse(null),
                components,
                holds,
                now);
    }

    private static boolean isAlive(List<HealthReport> reports, Duration interval, Instant now) {
        for (HealthReport report : reports) {
            if (report.component().equals(HealthReport.MANAGER)) {
                return report.status() != HealthStatus.DOWN && isRecent(report, interval, now);
            }
        }
        return false;
    }

    private static boolean isRecent(HealthReport report, Duration interval, Instant now) {
        return report.at().isAfter(now.minus(interval.multipliedBy(MISSED_REPORTS)));
    }

    /** What is held, but for what the engine once held of a stage that is no more. */
    public static List<StageHold> holds(StoreReader tx) {
        Roster roster = Roster.in(tx);
        List<StageHold> holds = new ArrayList<>(tx.holds());
        if (roster != null) {
            holds.removeIf(hold -> !roster.concerns(hold));
        }
        return holds;
    }

    /**
     * The components of the daemon that began last that are not well. One that should have been heard of while the daemon lives,
     * and was not, is one of them, whatever its last word was.
     *
     * @param interval how often a daemon reports
     */
    public static List<HealthReport> troubles(StoreReader tx, Duration interval, Instant now) {
        Roster roster = Roster.in(tx);
        return troubles(components(tx.latestHealth(), roster, interval, now), roster, interval, now);
    }

    private static List<HealthReport> troubles(
            List<HealthReport> components, @Nullable Roster roster, Duration interval, Instant now) {
        List<HealthReport> troubles = new ArrayList<>();
        for (HealthReport report : components) {
            // where nobody wrote down who there is, an old report is about a process that is no more
            boolean counts = roster != null || isRecent(report, interval, now);
            if (counts && report.status() != HealthStatus.HEALTHY) {
                troubles.add(report);
            }
        }
        return troubles;
    }

    private static List<HealthReport> components(
            List<HealthReport> reports, @Nullable Roster roster, Duration interval, Instant now) {
        if (roster == null) {
            return reports;
        }
        Map<String, HealthReport> latest = new HashMap<>();
        for (HealthReport report : reports) {
            // a clock that was set back says nothing of what came first
            if (!report.at().isBefore(roster.since()) || roster.since().isAfter(now)) {
                latest.put(report.component(), report);
            }
        }
        Instant patience = now.minus(
                interval.multipliedBy(GOOD_NEWS_EVERY + MISSED_REPORTS).plus(SLOW_LOOKS));
        boolean alive = isAlive(reports, interval, now);
        Map<String, HealthReport> components = new TreeMap<>();
        for (String component : roster.components()) {
            HealthReport last = latest.get(component);
            if (alive && (last == null ? roster.since() : last.at()).isBefore(patience)) {
                last = silent(component, last, roster.since());
            }
            if (last != null) {
                components.put(component, last);
            }
        }
        return List.copyOf(components.values());
    }

    private static HealthReport silent(String component, @Nullable HealthReport last, Instant since) {
        Instant at = last == null ? since : last.at();
        HealthStatus status =
                last == null ? HealthStatus.DEGRADED : last.status().worse(HealthStatus.DEGRADED);
        String before = last == null ? "the daemon began" : last.status().label() + ", " + last.message();
        return new HealthReport(
                component,
                status,
                "nothing was reported of it since %s (%s); if this lasts, restart the daemon".formatted(at, before),
                at);
    }
}
