package io.pipelinev2.runner.alerts;

import io.pipelinev2.core.deployment.Deployment;
import io.pipelinev2.core.deployment.DeploymentHealth;
import io.pipelinev2.core.deployment.DeploymentStatus;
import io.pipelinev2.core.deployment.DesiredState;
import io.pipelinev2.core.monitoring.EventType;
import io.pipelinev2.core.monitoring.HealthReport;
import io.pipelinev2.core.monitoring.HealthStatus;
import io.pipelinev2.core.monitoring.internal.Monitor;
import io.pipelinev2.core.stage.StageHold;
import io.pipelinev2.core.store.Alert;
import io.pipelinev2.core.store.EventQuery;
import io.pipelinev2.core.store.Finding;
import io.pipelinev2.core.store.StoreReader;
import io.pipelinev2.deploy.drift.PaperReview;
import io.pipelinev2.deploy.ranking.Evidence;
import io.pipelinev2.deploy.ranking.PaperEvidence;
import io.pipelinev2.deploy.supervision.Supervisor;
import io.pipelinev2.runner.config.AlertRule;
import io.pipelinev2.runner.health.HealthComponent;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;

/** What a human should look at, by the state as it stands: nothing here remembers anything. */
final class Conditions {

    private static final Duration DOWN_AFTER = Duration.ofMinutes(1);
    private static final Duration SILENT_AT_LEAST = Duration.ofMinutes(10);
    private static final int SILENT_INTERVALS = 3;
    private static final double LEAST_DRAWDOWN = 0.05;
    private static final double ROUNDING = 1e-6;
    private static final int MOST_HALTS = 100;
    private static final String MAX_DRAWDOWN = "max_drawdown";

    /** The manager is who looks; the others have rules of their own. */
    private static final Set<String> ELSEWHERE = Set.of(HealthReport.MANAGER, HealthComponent.DISK);

    private final AlertSettings settings;
    private final Instant began;

    /** @param began since when there is somebody to look for trials */
    Conditions(AlertSettings settings, Instant began) {
        this.settings = settings;
        this.began = began;
    }

    /** All of them, as one consistent state has them. */
    List<Condition> in(StoreReader tx, Instant now) {
        List<Condition> found = new ArrayList<>();
        Monitor.holds(tx).forEach(hold -> found.add(held(hold)));
        silence(tx, now).ifPresent(found::add);
        health(tx, now, found);
        Optional<Instant> suspected = suspected(tx);
        suspected.ifPresent(since -> found.add(commonCause(since)));
        for (Deployment deployment : tx.deployments()) {
            if (deployment.desired() == DesiredState.RUNNING) {
                deployment(tx, deployment, suspected.isPresent(), now, found);
            }
        }
        return found;
    }

    private static Optional<Instant> suspected(StoreReader tx) {
        return tx.setting(Supervisor.SUSPECT_SINCE)
                .filter(since -> !since.isEmpty())
                .map(Instant::parse);
    }

    /** One alert in place of as many as there are traders. */
    private static Condition commonCause(Instant since) {
        return Condition.lasting(
                AlertRule.DEPLOYMENT_DOWN,
                "",
                Alert.Severity.CRITICAL,
                "Many PAPER traders crashed or hung at once at %s, which suggests a common cause (network, feed, disk). One is started again at a time until one stays up; `deployments` shows them."
                        .formatted(since));
    }

    private static Condition held(StageHold hold) {
        boolean tripped = hold.kind() == StageHold.Kind.TRIPPED;
        String stage = hold.stage().equals(StageHold.EVERY_STAGE) ? "all stages" : hold.stage();
        String message = tripped
                ? "%s is held: %s. It is tried again by itself; `status` says when.".formatted(stage, hold.reason())
                : "%s is held: %s. `unpause` ends it.".formatted(stage, hold.reason());
        return Condition.lasting(
                AlertRule.STAGE_HELD, stage, tripped ? Alert.Severity.CRITICAL : Alert.Severity.WARNING, message);
    }

    private Optional<Condition> silence(StoreReader tx, Instant now) {
        Instant last = tx.setting(Monitor.LAST_CHECK).map(Instant::parse).orElse(began);
        // what was missed while nobody was there to look is no silence
        Instant since = last.isBefore(began) ? began : last;
        Duration patience = settings.checkInterval().multipliedBy(SILENT_INTERVALS);
        patience = patience.compareTo(SILENT_AT_LEAST) < 0 ? SILENT_AT_LEAST : patience;
        if (!since.plus(patience).isBefore(now)) {
            return Optional.empty();
        }
        String why = tx.latestHealth().stream()
                .filter(report -> report.component().equals(HealthReport.DISCOVERY))
                .filter(report -> report.status() != HealthStatus.HEALTHY)
                .map(report -> ": " + report.message())
                .findFirst()
                .orElse("");
        return Optional.of(Condition.lasting(
                AlertRule.DISCOVERY_SILENT,
                "",
                Alert.Severity.CRITICAL,
                "No look for new trials has succeeded since %s%s. `doctor` says whether the trial source can be read."
                        .formatted(since, why)));
    }

    private void health(StoreReader tx, Instant now, List<Condition> found) {
        for (HealthReport report : Monitor.troubles(tx, settings.healthInterval(), now)) {
            Alert.Severity severity =
                    report.status() == HealthStatus.DOWN ? Alert.Severity.CRITICAL : Alert.Severity.WARNING;
            if (report.component().equals(HealthComponent.DISK)) {
                found.add(Condition.lasting(AlertRule.DISK, "", severity, report.message()));
            } else if (!ELSEWHERE.contains(report.component())) {
                found.add(Condition.passing(
                        AlertRule.HEALTH,
                        report.component(),
                        severity,
                        "%s is %s: %s. `health %s` shows since when."
                                .formatted(
                                        report.component(),
                                        report.status().label(),
                                        report.message(),
                                        report.component())));
            }
        }
    }

    /** @param suspected whether that many are down at once is told already */
    private void deployment(
            StoreReader tx, Deployment deployment, boolean suspected, Instant now, List<Condition> found) {
        String key = deployment.key().toString();
        String why = deployment.reason() == null ? "" : ": " + deployment.reason();
        if (deployment.health() == DeploymentHealth.CRASH_LOOP) {
            found.add(Condition.lasting(
                    AlertRule.CRASH_LOOP,
                    key,
                    Alert.Severity.CRITICAL,
                    "The PAPER trader of %s died too often and is not started again%s. `logs %s` shows its last words, `reset %s` starts it again."
                            .formatted(key, why, key, key)));
        } else if (deployment.health() == DeploymentHealth.PERMANENT_FAILURE) {
            found.add(Condition.lasting(
                    AlertRule.PERMANENT_FAILURE,
                    key,
                    Alert.Severity.CRITICAL,
                    "The PAPER trader of %s cannot go on%s. Mend the cause, then `reset %s`."
                            .formatted(key, why, key)));
        } else if (!suspected && isDown(deployment, now)) {
            found.add(Condition.lasting(
                    AlertRule.DEPLOYMENT_DOWN,
                    key,
                    Alert.Severity.CRITICAL,
                    "The PAPER trader of %s should run and does not%s. `logs %s` shows its last words."
                            .formatted(key, why, key)));
        }
        List<Finding> findings = tx.findings(deployment.trialId());
        PaperReview.driftOf(deployment, findings)
                .ifPresent(words -> found.add(Condition.lasting(
                        AlertRule.DRIFT,
                        key,
                        Alert.Severity.WARNING,
                        "The PAPER results of %s drift from its backtest: %s. %s`show %s` has the figures."
                                .formatted(key, words, heldBack(tx, deployment), key))));
        drawdown(tx, deployment, findings).ifPresent(found::add);
    }

    /**
     * That somebody kept it from trading, which alone makes it differ from its backtest. It is told even so: what was missed
     * stays in the record when orders are given again.
     */
    private static String heldBack(StoreReader tx, Deployment deployment) {
        EventQuery halts = new EventQuery(null, Set.of(EventType.OPERATOR_HALT), null, MOST_HALTS);
        return tx.events(halts).stream()
                .filter(halt -> halt.trialId() == null || halt.trialId() == deployment.trialId())
                .filter(halt -> !halt.at().isBefore(deployment.createdAt()))
                .findFirst()
                .map(halt ->
                        "That may be no fault of the model: orders were held back at %s (%s), and a trader that may not trade differs from its backtest. "
                                .formatted(halt.at(), halt.message()))
                .orElse("");
    }

    private static boolean isDown(Deployment deployment, Instant now) {
        Instant since = deployment.stoppedAt() == null ? deployment.createdAt() : deployment.stoppedAt();
        return deployment.status() != DeploymentStatus.RUNNING
                && !since.plus(DOWN_AFTER).isAfter(now);
    }

    private Optional<Condition> drawdown(StoreReader tx, Deployment deployment, List<Finding> findings) {
        Double fell = PaperEvidence.of(deployment, findings).metric(MAX_DRAWDOWN);
        if (fell == null) {
            return Optional.empty();
        }
        boolean byRisk = settings.drawdown() > 0;
        double limit = settings.drawdown();
        if (!byRisk) {
            Double backtest = Evidence.of(tx.stages(deployment.trialId())).metric(MAX_DRAWDOWN);
            limit = Math.max(LEAST_DRAWDOWN, Objects.requireNonNullElse(backtest, LEAST_DRAWDOWN));
        }
        // a paper account that trades its backtest's own bars again falls as far, and no further
        if (byRisk ? fell < limit : fell <= limit * (1 + ROUNDING)) {
            return Optional.empty();
        }
        String key = deployment.key().toString();
        return Optional.of(Condition.lasting(
                AlertRule.DRAWDOWN,
                key,
                Alert.Severity.CRITICAL,
                String.format(
                        Locale.ROOT,
                        "The PAPER account of %s fell %.1f %% below its highest; %s %.1f %%. `deployments` shows it,"
                                + " `stop %s` ends it.",
                        key,
                        100 * fell,
                        byRisk ? "stages.deploy.risk.drawdown is" : "in its backtest it was at most",
                        100 * limit,
                        key)));
    }
}
