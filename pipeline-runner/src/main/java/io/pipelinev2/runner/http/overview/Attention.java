package io.pipelinev2.runner.http.overview;

import io.pipelinev2.core.deployment.Deployment;
import io.pipelinev2.core.deployment.DeploymentHealth;
import io.pipelinev2.core.deployment.DeploymentStatus;
import io.pipelinev2.core.deployment.DesiredState;
import io.pipelinev2.core.monitoring.HealthReport;
import io.pipelinev2.core.monitoring.HealthStatus;
import io.pipelinev2.core.monitoring.PipelineStatus;
import io.pipelinev2.core.stage.StageHold;
import io.pipelinev2.core.store.Alert;
import io.pipelinev2.runner.config.AlertRule;
import io.pipelinev2.runner.health.HealthComponent;
import io.pipelinev2.runner.http.frame.Page;
import io.pipelinev2.runner.http.html.Chip;
import io.pipelinev2.runner.http.html.Element;
import io.pipelinev2.runner.http.html.Figures;
import io.pipelinev2.runner.http.html.Icon;
import io.pipelinev2.runner.http.html.Lines;
import io.pipelinev2.runner.http.html.Names;
import io.pipelinev2.runner.http.html.Node;
import io.pipelinev2.runner.http.html.Text;
import io.pipelinev2.runner.http.page.ActionPages;
import io.pipelinev2.runner.http.page.AlertPages;
import io.pipelinev2.runner.http.page.BulkPages;
import io.pipelinev2.runner.http.page.DeploymentPages;
import io.pipelinev2.runner.http.page.StagePages;
import io.pipelinev2.runner.http.page.TrialPages;
import io.pipelinev2.runner.http.page.WatchPages;
import io.pipelinev2.runner.http.reading.StatusAnswer;
import io.pipelinev2.runner.view.DeploymentRow;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What needs a human now, each with the one thing to do about it. What is told by itself is not told again as its alert. */
final class Attention {

    private static final int MOST_FAILURES = 5;
    private static final int MOST_ALERTS = 10;

    private final boolean changing;
    private final List<Item> items = new ArrayList<>();
    private final Set<String> told = new HashSet<>();

    /**
     * Something that needs a human.
     *
     * @param sign how bad it is
     * @param subject what it is about
     * @param words what is the matter
     * @param since since when, or null if that is not known
     * @param step what to do about it
     */
    record Item(
            Chip sign, Node subject, String words, @Nullable Instant since, Step step) {}

    /** A thing to do, and where. */
    record Step(String words, String href) {}

    /** @param changing whether something can be done from here, rather than looked at alone */
    Attention(boolean changing) {
        this.changing = changing;
    }

    List<Item> items() {
        return List.copyOf(items);
    }

    private void add(AlertRule rule, String subject, Item item) {
        told.add(kind(rule) + "/" + subject);
        items.add(item);
    }

    private static String kind(AlertRule rule) {
        return rule.name().toLowerCase(Locale.ROOT);
    }

    private static Chip sign(HealthStatus status) {
        return Chip.of(status);
    }

    private static Chip sign(boolean bad, String word) {
        return new Chip(bad ? Icon.CROSS : Icon.TRIANGLE, bad ? "bad" : "warn", word);
    }

    private Step act(String verb, String confirm, String look, String page) {
        return changing ? new Step(verb, confirm) : new Step(look, page);
    }

    /** Components that report no good news, the database above all if it cannot be read. */
    Attention components(StatusAnswer answer) {
        String trouble = answer.snapshot().trouble();
        if (trouble != null) {
            add(
                    AlertRule.HEALTH,
                    HealthComponent.DATABASE,
                    new Item(
                            sign(HealthStatus.DEGRADED),
                            new Text("database"),
                            trouble,
                            answer.snapshot().takenAt(),
                            new Step("Look at health", Page.Place.HEALTH.path())));
        }
        PipelineStatus status = answer.status();
        if (trouble == null && answer.health() == HealthStatus.DOWN) {
            items.add(new Item(
                    sign(HealthStatus.DOWN),
                    new Text("pipeline"),
                    String.valueOf(answer.notReady()),
                    null,
                    new Step("Look at health", Page.Place.HEALTH.path())));
        }
        for (HealthReport report : status == null ? List.<HealthReport>of() : status.components()) {
            if (report.status() != HealthStatus.HEALTHY) {
                AlertRule rule = report.component().equals(HealthComponent.DISK)
                        ? AlertRule.DISK
                        : report.component().equals(HealthReport.DISCOVERY)
                                ? AlertRule.DISCOVERY_SILENT
                                : AlertRule.HEALTH;
                told.add(kind(AlertRule.HEALTH) + "/" + report.component());
                add(
                        rule,
                        rule == AlertRule.HEALTH ? report.component() : "",
                        new Item(
                                sign(report.status()),
                                new Text(report.component()),
                                report.message(),
                                report.at(),
                                new Step("Its history", WatchPages.of(report.component()))));
            }
        }
        for (StageHold hold : status == null ? List.<StageHold>of() : status.holds()) {
            boolean all = hold.stage().equals(StageHold.EVERY_STAGE);
            boolean tripped = hold.kind() == StageHold.Kind.TRIPPED;
            add(
                    AlertRule.STAGE_HELD,
                    all ? "all stages" : hold.stage(),
                    new Item(
                            sign(tripped, hold.kind().label()),
                            new Text(all ? "all stages" : "stage " + hold.stage()),
                            tripped ? hold.reason() + " It is tried again by itself." : hold.reason(),
                            hold.since(),
                            act(
                                    "Unpause",
                                    StagePages.of(hold.stage(), "unpause"),
                                    "Its trials",
                                    TrialPages.filtered("stage", all ? "" : hold.stage()))));
        }
        return this;
    }

    /** Traders that should run and do not, or not well. */
    Attention traders(List<DeploymentRow> rows) {
        for (DeploymentRow row : rows) {
            Deployment deployment = row.deployment();
            if (deployment.desired() != DesiredState.RUNNING) {
                continue;
            }
            String page = DeploymentPages.of(deployment.id());
            DeploymentHealth health = deployment.health();
            if (health == DeploymentHealth.CRASH_LOOP || health == DeploymentHealth.PERMANENT_FAILURE) {
                AlertRule rule =
                        health == DeploymentHealth.CRASH_LOOP ? AlertRule.CRASH_LOOP : AlertRule.PERMANENT_FAILURE;
                add(
                        rule,
                        deployment.key().toString(),
                        trader(row, act("Reset", action(deployment, "reset"), "Look", page)));
            } else if (health == DeploymentHealth.HUNG || health == DeploymentHealth.STALE) {
                add(
                        AlertRule.DEPLOYMENT_DOWN,
                        deployment.key().toString(),
                        trader(row, act("Restart", action(deployment, "restart"), "Look", page)));
            } else if (deployment.status() == DeploymentStatus.CRASHED || health == DeploymentHealth.BACKOFF) {
                add(
                        AlertRule.DEPLOYMENT_DOWN,
                        deployment.key().toString(),
                        trader(row, new Step("Its log", page + "/log")));
            }
        }
        return this;
    }

    private static String action(Deployment deployment, String verb) {
        return ActionPages.of(deployment.trialId(), verb);
    }

    private static Item trader(DeploymentRow row, Step step) {
        Deployment deployment = row.deployment();
        return new Item(
                Chip.of(deployment.health()),
                Element.of("a", Names.of(deployment.key())).attribute("href", DeploymentPages.of(deployment.id())),
                Objects.requireNonNullElse(
                        Lines.first(deployment.reason()), "Its paper trader should run and does not."),
                deployment.stoppedAt() == null ? deployment.startedAt() : deployment.stoppedAt(),
                step);
    }

    /** Trials that failed for another reason than that they are no good. */
    Attention failures(List<Failure> failures) {
        failures.stream().limit(MOST_FAILURES).forEach(failure -> items.add(failed(failure)));
        int more =
                failures.stream().skip(MOST_FAILURES).mapToInt(Failure::count).sum();
        if (more > 0) {
            items.add(new Item(
                    sign(true, "failed"),
                    new Text(Figures.count((long) more) + " more trials"),
                    "failed for other reasons.",
                    null,
                    new Step("Look at them", TrialPages.filtered("status", "failed"))));
        }
        return this;
    }

    private Item failed(Failure failure) {
        String words = failure.stage() + ": " + failure.error();
        return failure.count() == 1
                ? new Item(
                        sign(true, "failed"),
                        Element.of("a", Names.of(failure.key())).attribute("href", TrialPages.of(failure.trialId())),
                        words,
                        null,
                        act(
                                "Retry",
                                ActionPages.of(failure.trialId(), "retry"),
                                "Look",
                                TrialPages.of(failure.trialId())))
                : new Item(
                        sign(true, "failed"),
                        new Text(Figures.count((long) failure.count()) + " trials"),
                        words,
                        null,
                        act(
                                "Retry all",
                                BulkPages.of("retry", "status", "failed", "text", Wording.said(failure.error())),
                                "Look at them",
                                TrialPages.filtered("status", "failed", "text", Wording.said(failure.error()))));
    }

    /** Alerts that nobody has seen and that say what nothing else here does. */
    Attention alerts(List<Alert> alerts, Instant now) {
        List<Alert> open = alerts.stream()
                .filter(alert -> alert.acknowledgedBy() == null)
                .filter(alert ->
                        alert.silencedUntil() == null || alert.silencedUntil().isBefore(now))
                .filter(alert -> !told.contains(alert.rule() + "/" + alert.subject()))
                .toList();
        open.stream()
                .limit(MOST_ALERTS)
                .forEach(alert -> items.add(new Item(
                        sign(
                                alert.severity() == Alert.Severity.CRITICAL,
                                alert.severity().label()),
                        new Text((alert.rule().replace('_', ' ') + " " + alert.subject()).strip()),
                        alert.message(),
                        alert.openedAt(),
                        act("Acknowledge", AlertPages.of(alert.id(), "ack"), "Look", Page.Place.ALERTS.path()))));
        if (open.size() > MOST_ALERTS) {
            items.add(new Item(
                    sign(false, "open"),
                    new Text((open.size() - MOST_ALERTS) + " more alerts"),
                    "are open.",
                    null,
                    new Step("Look at them", Page.Place.ALERTS.path())));
        }
        return this;
    }
}
