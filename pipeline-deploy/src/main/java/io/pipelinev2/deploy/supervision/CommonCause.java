package io.pipelinev2.deploy.supervision;

import io.pipelinev2.core.deployment.Deployment;
import io.pipelinev2.core.deployment.DeploymentHealth;
import io.pipelinev2.core.deployment.DeploymentStatus;
import io.pipelinev2.core.deployment.DesiredState;
import io.pipelinev2.core.deployment.ProcessRun;
import io.pipelinev2.core.monitoring.Event;
import io.pipelinev2.core.monitoring.EventType;
import io.pipelinev2.core.store.StoreWriter;
import io.pipelinev2.deploy.DeployLogCode;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The breaker of the whole group: when many deployments crash or hang at about the same time, the cause is probably none of
 * them but what they share, such as the network, the feed or the disk. From then on one of them at a time is started again,
 * each after its delay, until one stays up; then all others follow. One that is not even started, for whatever reason, loses
 * its turn. Crashes that had a common cause are not counted against
 * anyone's budget. That the cause is suspected stands in the store, and so do the crashes, so that a restart of the
 * supervisor changes nothing.
 */
final class CommonCause {

    private static final Logger LOG = LoggerFactory.getLogger(CommonCause.class);

    private static final Duration WINDOW = Duration.ofSeconds(60);

    /** For so long one may be tried without being started; then it is the next one's turn. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    /** After this long one that is up, however well, has shown what it can. */
    private static final Duration TRIAL = HealthCheck.FIRST_REPORT.plus(WINDOW);

    private static final int FEWEST = 3;
    private static final String EXCUSED = "; not counted, because many crashed at once";

    private final Facilities facilities;
    private final Map<Long, Instant> crashes = new HashMap<>();
    private @Nullable Instant since;
    private @Nullable Long canary;
    private final Map<Long, Instant> turnsLost = new HashMap<>();
    private boolean known;

    CommonCause(Facilities facilities) {
        this.facilities = facilities;
    }

    /** Whether a crash is that of a time when a common cause was suspected. */
    static boolean isExcused(ProcessRun run) {
        return run.end() != null && run.end().endsWith(EXCUSED);
    }

    static String excused(String words) {
        return words + EXCUSED;
    }

    boolean isSuspected() {
        return since != null;
    }

    /** Whether a deployment that may be started again has to wait for another one that is tried first. */
    boolean holds(Deployment deployment) {
        return since != null && (canary == null || canary != deployment.id());
    }

    void crashed(Deployment deployment, Instant at) {
        crashes.put(deployment.id(), at);
    }

    /** Looks at all deployments, before anything is done to any. */
    void look(List<Deployment> deployments) {
        List<Deployment> wanted = deployments.stream()
                .filter(deployment -> deployment.desired() == DesiredState.RUNNING)
                .toList();
        if (!known) {
            recall(wanted);
            known = true;
        }
        Instant now = facilities.now();
        if (since == null) {
            suspect(wanted, now);
        } else {
            probe(wanted, since, now);
        }
    }

    private void recall(List<Deployment> wanted) {
        since = facilities
                .register()
                .setting(Supervisor.SUSPECT_SINCE)
                .filter(value -> !value.isEmpty())
                .map(Instant::parse)
                .orElse(null);
        for (Deployment deployment : wanted) {
            facilities.register().runs(deployment.id()).stream()
                    .filter(ProcessRun::crashed)
                    .flatMap(run -> Optional.ofNullable(run.endedAt()).stream())
                    .max(Comparator.naturalOrder())
                    .ifPresent(at -> crashes.put(deployment.id(), at));
        }
    }

    private void suspect(List<Deployment> wanted, Instant now) {
        if (crashes.isEmpty()) {
            return;
        }
        Instant from = now.minus(WINDOW);
        List<Deployment> recent = wanted.stream()
                .filter(deployment ->
                        crashes.getOrDefault(deployment.id(), Instant.MIN).isAfter(from))
                .toList();
        if (recent.size() < FEWEST || 2 * recent.size() < wanted.size()) {
            return;
        }
        String words =
                "%d of %d deployments crashed or hung within %d s, which suggests a common cause (network, feed, disk);"
                        .formatted(recent.size(), wanted.size(), WINDOW.toSeconds());
        LOG.error(DeployLogCode.COMMON_CAUSE, "{} one is started again at a time until one stays up", words);
        facilities.register().writeAll(tx -> {
            tx.put(Supervisor.SUSPECT_SINCE, now.toString());
            recent.forEach(deployment -> excuse(tx, deployment, from, words));
            tx.append(new Event(
                    0,
                    now,
                    EventType.DEPLOYMENTS_SUSPECT,
                    null,
                    null,
                    "pipeline",
                    "deployer",
                    words + " one is started again at a time until one stays up"));
        });
        since = now;
        canary = null;
    }

    private static void excuse(StoreWriter tx, Deployment deployment, Instant from, String words) {
        for (ProcessRun run : tx.processRuns(deployment.id())) {
            Instant ended = run.endedAt();
            if (run.crashed() && ended != null && ended.isAfter(from)) {
                tx.update(run.ended(ended, run.exitCode(), false, excused(String.valueOf(run.end()))));
            }
        }
        boolean isDown = deployment.status() == DeploymentStatus.CRASHED
                && (deployment.health() == DeploymentHealth.BACKOFF
                        || deployment.health() == DeploymentHealth.CRASH_LOOP);
        if (isDown) {
            Instant due = deployment.restartDue();
            tx.update(
                    deployment,
                    deployment
                            .change()
                            .health(
                                    DeploymentHealth.BACKOFF,
                                    "%s; %s it is started again when one of them has stayed up"
                                            .formatted(deployment.reason(), words))
                            .restartDue(due == null ? from.plus(WINDOW) : due)
                            .done());
        }
    }

    private void probe(List<Deployment> wanted, Instant from, Instant now) {
        List<Deployment> held = wanted.stream().filter(CommonCause::isHeld).toList();
        List<Deployment> tried = wanted.stream()
                .filter(deployment -> deployment.status() == DeploymentStatus.RUNNING
                        && deployment.startedAt() != null
                        && !deployment.startedAt().isBefore(from)
                        && !refusesToEnd(deployment, now))
                .toList();
        boolean oneStaysUp = tried.stream().anyMatch(deployment -> staysUp(deployment, now));
        if (oneStaysUp || (held.isEmpty() && tried.isEmpty())) {
            release(held, now);
            return;
        }
        canary = tried.isEmpty() ? next(held, now) : null;
    }

    private @Nullable Long next(List<Deployment> held, Instant now) {
        for (Deployment deployment : held) {
            boolean overdue = turn(deployment).plus(PATIENCE).isBefore(now);
            if (overdue && canary != null && canary == deployment.id()) {
                turnsLost.put(deployment.id(), now);
            }
        }
        return held.stream()
                .min(Comparator.comparing(this::turn).thenComparing(Deployment::id))
                .map(Deployment::id)
                .orElse(null);
    }

    /** Since when, or from when on, it is to be tried. */
    private Instant turn(Deployment deployment) {
        Instant due = deployment.restartDue() == null ? Instant.MIN : deployment.restartDue();
        Instant lost = turnsLost.getOrDefault(deployment.id(), Instant.MIN);
        return due.isAfter(lost) ? due : lost;
    }

    /** It was tried, and has neither stayed up nor gone away since. */
    private static boolean refusesToEnd(Deployment deployment, Instant now) {
        return isEnding(deployment)
                && deployment.startedAt() != null
                && now.isAfter(deployment.startedAt().plus(TRIAL));
    }

    private static boolean isEnding(Deployment deployment) {
        return deployment.health() == DeploymentHealth.HUNG || deployment.health() == DeploymentHealth.STOPPING;
    }

    private static boolean isHeld(Deployment deployment) {
        return deployment.status() == DeploymentStatus.CRASHED && deployment.restartDue() != null;
    }

    private static boolean staysUp(Deployment deployment, Instant now) {
        return deployment.health() == DeploymentHealth.HEALTHY
                // One that is up but not well has shown that starting works; the others wait no longer for its health.
                || (!isEnding(deployment)
                        && deployment.startedAt() != null
                        && now.isAfter(deployment.startedAt().plus(TRIAL)));
    }

    private void release(List<Deployment> held, Instant now) {
        LOG.info("The common cause of many crashes seems to be gone; all deployments are started again");
        facilities.register().writeAll(tx -> {
            tx.put(Supervisor.SUSPECT_SINCE, "");
            for (Deployment deployment : held) {
                if (deployment.health() == DeploymentHealth.BACKOFF) {
                    tx.update(deployment, deployment.change().restartDue(now).done());
                }
            }
        });
        since = null;
        canary = null;
        turnsLost.clear();
        crashes.clear();
    }
}
