package io.pipelinev2.deploy.supervision;

import io.pipelinev2.core.Clock;
import io.pipelinev2.core.PipelineException;
import io.pipelinev2.core.deployment.Deployment;
import io.pipelinev2.core.deployment.DeploymentHealth;
import io.pipelinev2.core.deployment.TradingState;
import io.pipelinev2.deploy.launch.ProcessTable.Life;
import io.pipelinev2.deploy.papertrading.Heartbeat;
import io.pipelinev2.deploy.papertrading.Phase;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * How well a process that runs is. For a command of a user's own, living past its start time is all that can be known; the
 * bundled trader reports, and silence, nonsense, or the voice of another process is never taken for health.
 *
 * <p>A trader hangs when the count of its trading loop stands still. That is measured by this supervisor's own clock that
 * only grows, and only while this supervisor looks: neither a step of the wall clock nor a pause of the whole machine makes
 * a trader look hung.
 */
final class HealthCheck {

    /** How long a bundled trader may take to its first report; a small machine loads slowly. */
    static final Duration FIRST_REPORT = Duration.ofSeconds(60);

    /** Of a longer time between two looks no more is counted: this supervisor may have been the one that stood still. */
    private static final Duration LONGEST_LOOK = Duration.ofSeconds(5);

    private final Duration startTime;
    private final Duration hungAfter;
    private final boolean reports;
    private final Clock clock;
    private final Map<Long, Watch> watches = new HashMap<>();

    HealthCheck(Duration startTime, Duration hungAfter, boolean reports, Clock clock) {
        this.startTime = startTime;
        this.hungAfter = hungAfter;
        this.reports = reports;
        this.clock = clock;
    }

    /**
     * A health with its reason.
     *
     * @param reason why, in words, or null if there is nothing to say
     */
    record Health(DeploymentHealth word, @Nullable String reason) {}

    /** What was seen of one start. */
    private static final class Watch {
        private final String nonce;
        private long lastLook;
        private long lived;
        private long silent;
        private long loop = -1;
        private boolean stale;
        private @Nullable Instant lastBar;

        private Watch(String nonce, long now) {
            this.nonce = nonce;
            this.lastLook = now;
        }

        private void look(long now) {
            long passed = Math.min(now - lastLook, LONGEST_LOOK.toNanos());
            lastLook = now;
            lived += passed;
            silent += passed;
        }

        private void seen(Heartbeat heartbeat) {
            stale = heartbeat.stale();
            lastBar = heartbeat.lastBar();
            if (heartbeat.loop() != loop) {
                loop = heartbeat.loop();
                silent = 0;
            }
        }

        private boolean seesNewerBarsThan(@Nullable Instant bar, Duration hungAfter) {
            return !stale && lastBar != null && !isSilentFor(hungAfter) && (bar == null || lastBar.isAfter(bar));
        }

        private boolean isSilentFor(Duration time) {
            return silent > time.toNanos();
        }
    }

    /** It has ended. */
    void forget(long deploymentId) {
        watches.remove(deploymentId);
    }

    /**
     * @param life whether the process runs, or is stopped by a signal
     */
    Health of(Deployment deployment, Life life, Path stateDirectory, Instant now) {
        Watch watch = watch(deployment);
        if (life == Life.STOPPED && !reports) {
            return new Health(DeploymentHealth.DEGRADED, "is stopped by a signal (SIGSTOP)");
        }
        Instant startedAt = deployment.startedAt() == null ? now : deployment.startedAt();
        if (now.isBefore(startedAt.plus(startTime)) && watch.lived < startTime.toNanos()) {
            return new Health(DeploymentHealth.STARTING, null);
        }
        if (!reports) {
            return new Health(DeploymentHealth.HEALTHY, null);
        }
        Health health = reported(deployment, watch, stateDirectory, now, startedAt);
        return life == Life.STOPPED && health.word() != DeploymentHealth.HUNG
                ? new Health(DeploymentHealth.DEGRADED, "is stopped by a signal (SIGSTOP)")
                : health;
    }

    private Health reported(Deployment deployment, Watch watch, Path stateDirectory, Instant now, Instant startedAt) {
        boolean mayBeLoading = now.isBefore(startedAt.plus(FIRST_REPORT)) && watch.lived < FIRST_REPORT.toNanos();
        String instead;
        try {
            Optional<Heartbeat> heartbeat = Heartbeat.read(stateDirectory);
            if (heartbeat.isPresent() && heartbeat.get().nonce().equals(deployment.nonce())) {
                watch.seen(heartbeat.get());
                return watch.isSilentFor(hungAfter)
                        ? hung("its trading loop has made no progress for " + words(hungAfter))
                        : of(heartbeat.get());
            }
            instead = heartbeat.isPresent()
                    ? "its heartbeat is that of another start"
                    : "it has not reported within " + FIRST_REPORT.toSeconds() + " s of its start";
        } catch (PipelineException e) {
            instead = "its heartbeat cannot be read: " + e.getMessage();
        }
        if (mayBeLoading) {
            return new Health(DeploymentHealth.STARTING, null);
        }
        return watch.isSilentFor(hungAfter.plus(FIRST_REPORT))
                ? hung(instead)
                : new Health(DeploymentHealth.DEGRADED, instead);
    }

    private static Health hung(String reason) {
        return new Health(DeploymentHealth.HUNG, reason);
    }

    private Watch watch(Deployment deployment) {
        String nonce = String.valueOf(deployment.nonce());
        long now = clock.nanoTime();
        Watch known = watches.get(deployment.id());
        Watch watch = known != null && known.nonce.equals(nonce) ? known : new Watch(nonce, now);
        watches.put(deployment.id(), watch);
        watch.look(now);
        return watch;
    }

    private static Health of(Heartbeat heartbeat) {
        if (heartbeat.stale()) {
            String newest = heartbeat.lastBar() == null ? "" : ", of " + heartbeat.lastBar() + ",";
            return new Health(
                    DeploymentHealth.STALE,
                    "its newest bar" + newest + " is too old to enter a position"
                            + (heartbeat.trouble() == null ? "" : ": " + heartbeat.trouble()));
        }
        if (heartbeat.trouble() != null) {
            return new Health(DeploymentHealth.DEGRADED, heartbeat.trouble());
        }
        return new Health(DeploymentHealth.HEALTHY, remark(heartbeat));
    }

    private static @Nullable String remark(Heartbeat heartbeat) {
        if (heartbeat.trading() != TradingState.ACTIVE) {
            return "trading is " + heartbeat.trading().label()
                    + (heartbeat.tradingReason() == null ? "" : ": " + heartbeat.tradingReason());
        }
        return heartbeat.phase() == Phase.IDLE ? "at the end of its data; waiting for more" : null;
    }

    /** All but these have ended, or are about to. */
    void keep(Set<Long> deploymentIds) {
        watches.keySet().retainAll(deploymentIds);
    }

    /** Those that trade and see bars that this one, whose market data are stale, does not. */
    Set<Long> thatSeeNewerBarsThan(long deploymentId) {
        Watch own = watches.get(deploymentId);
        if (own == null || !own.stale) {
            return Set.of();
        }
        return watches.entrySet().stream()
                .filter(entry -> entry.getValue().seesNewerBarsThan(own.lastBar, hungAfter))
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
    }

    private static String words(Duration duration) {
        return duration.toSeconds() > 0 ? duration.toSeconds() + " s" : duration.toMillis() + " ms";
    }
}
