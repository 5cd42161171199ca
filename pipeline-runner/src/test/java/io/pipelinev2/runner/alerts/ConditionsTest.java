package io.pipelinev2.runner.alerts;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.pipelinev2.core.deployment.Deployment;
import io.pipelinev2.core.deployment.DeploymentHealth;
import io.pipelinev2.core.deployment.DeploymentStatus;
import io.pipelinev2.core.monitoring.Event;
import io.pipelinev2.core.monitoring.EventType;
import io.pipelinev2.core.monitoring.HealthStatus;
import io.pipelinev2.core.monitoring.Operator;
import io.pipelinev2.core.stage.StageHold;
import io.pipelinev2.core.store.Alert.Severity;
import io.pipelinev2.core.store.Finding;
import io.pipelinev2.core.trial.Trial;
import io.pipelinev2.core.trial.TrialStatus;
import io.pipelinev2.deploy.drift.PaperReview;
import io.pipelinev2.deploy.ranking.PaperEvidence;
import io.pipelinev2.deploy.supervision.Supervisor;
import io.pipelinev2.runner.config.AlertRule;
import io.pipelinev2.runner.view.SampleStore;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** What there is an alert of, by the state alone. */
class ConditionsTest {

    private static final AlertSettings BY_BACKTEST = new AlertSettings(Duration.ofMinutes(5), Duration.ofMinutes(1), 0);

    private final SampleStore sample = new SampleStore().alive();
    private final Conditions conditions = new Conditions(BY_BACKTEST, sample.clock.now());

    private List<Condition> now() {
        return now(conditions);
    }

    private List<Condition> now(Conditions these) {
        return sample.store.read(tx -> these.in(tx, sample.store.now()));
    }

    private Condition only() {
        assertThat(now()).hasSize(1);
        return now().get(0);
    }

    private Trial trial() {
        Trial trial = sample.trial("ppo", 1, 1.0, TrialStatus.DEPLOYED, null);
        sample.passed(trial, 2.0);
        return trial;
    }

    private Deployment deployment(DeploymentStatus status, DeploymentHealth health, String reason) {
        Deployment running = sample.running(trial(), 42);
        return sample.store.write(tx -> tx.update(
                running,
                running.change()
                        .status(status)
                        .health(health, reason)
                        .stoppedAt(sample.clock.now())
                        .done()));
    }

    private void put(Finding finding) {
        sample.store.write(tx -> {
            tx.put(finding);
            return null;
        });
    }

    @Test
    void there_is_nothing_while_all_is_well() {
        sample.running(trial(), 42);
        assertThat(now()).isEmpty();
    }

    @Test
    void a_trader_that_is_down_counts_after_a_minute() {
        deployment(DeploymentStatus.CRASHED, DeploymentHealth.BACKOFF, "exit code 1");
        assertThat(now()).isEmpty();
        sample.clock.advance(Duration.ofMinutes(1));
        assertThat(only().rule()).isEqualTo(AlertRule.DEPLOYMENT_DOWN);
        assertThat(only().subject()).isEqualTo("ppo/1");
        assertThat(only().message()).contains("exit code 1", "logs ppo/1");
    }

    @Test
    void many_that_are_down_at_once_are_one_alert() {
        deployment(DeploymentStatus.CRASHED, DeploymentHealth.BACKOFF, "exit code 1");
        sample.store.write(tx -> {
            tx.put(Supervisor.SUSPECT_SINCE, sample.clock.now().toString());
            return null;
        });
        sample.clock.advance(Duration.ofMinutes(1));
        assertThat(only().subject()).isEmpty();
        assertThat(only().message()).contains("a common cause");
        sample.store.write(tx -> {
            tx.put(Supervisor.SUSPECT_SINCE, "");
            return null;
        });
        assertThat(only().subject()).isEqualTo("ppo/1");
    }

    @Test
    void a_crash_loop_and_a_permanent_failure_count_at_once_and_alone() {
        Deployment down = deployment(DeploymentStatus.CRASHED, DeploymentHealth.CRASH_LOOP, "6 crashes");
        sample.clock.advance(Duration.ofMinutes(2));
        assertThat(only().rule()).isEqualTo(AlertRule.CRASH_LOOP);
        assertThat(only().message()).contains("6 crashes", "reset ppo/1");
        sample.store.write(tx -> tx.update(
                down,
                down.change()
                        .health(DeploymentHealth.PERMANENT_FAILURE, "exit code 78")
                        .done()));
        assertThat(only().rule()).isEqualTo(AlertRule.PERMANENT_FAILURE);
    }

    @Test
    void what_an_operator_stopped_is_nothing() {
        sample.stopped(trial(), 42);
        sample.clock.advance(Duration.ofDays(1));
        assertThat(now()).extracting(Condition::rule).doesNotContain(AlertRule.DEPLOYMENT_DOWN);
    }

    @Test
    void a_held_stage_counts_by_who_holds_it() {
        sample.store.write(tx -> {
            tx.put(StageHold.tripped("backtest", "no data", sample.clock.now(), sample.clock.now()));
            tx.put(StageHold.paused(StageHold.EVERY_STAGE, "lunch", "anna", "cli", sample.clock.now()));
            return null;
        });
        assertThat(now())
                .extracting(Condition::subject, Condition::severity)
                .containsExactly(tuple("all stages", Severity.WARNING), tuple("backtest", Severity.CRITICAL));
    }

    @Test
    void silence_of_discovery_counts_after_three_intervals() {
        sample.clock.advance(Duration.ofMinutes(15));
        assertThat(now()).isEmpty();
        sample.monitor().report("discovery", HealthStatus.DEGRADED, "the file is gone");
        sample.clock.advance(Duration.ofSeconds(1));
        assertThat(now())
                .filteredOn(each -> each.rule() == AlertRule.DISCOVERY_SILENT)
                .singleElement()
                .satisfies(each -> assertThat(each.message()).contains("the file is gone"));
        // a daemon that has just begun had no time to look yet
        assertThat(now(new Conditions(BY_BACKTEST, sample.clock.now())))
                .extracting(Condition::rule)
                .doesNotContain(AlertRule.DISCOVERY_SILENT);
    }

    @Test
    void disks_and_other_components_count_by_what_was_reported_of_them_lately() {
        sample.monitor().report("disk", HealthStatus.DOWN, "no room");
        sample.monitor().report("feeds", HealthStatus.DEGRADED, "no bars");
        sample.monitor().report("manager", HealthStatus.DOWN, "stopped");
        assertThat(now())
                .extracting(Condition::rule, Condition::subject, Condition::severity, Condition::passing)
                .containsExactly(
                        tuple(AlertRule.DISK, "", Severity.CRITICAL, false),
                        tuple(AlertRule.HEALTH, "feeds", Severity.WARNING, true));
        sample.clock.advance(Duration.ofMinutes(4));
        assertThat(now()).isEmpty();
    }

    @Test
    void drift_counts_for_as_long_as_it_is_found() {
        Deployment running = sample.running(trial(), 42);
        Map<String, Object> content = Map.of(
                PaperEvidence.DEPLOYMENT, running.id(), "drifted", true, PaperReview.WORDS, "it earns too little");
        put(new Finding(running.trialId(), PaperReview.DRIFT, null, content, sample.clock.now()));
        assertThat(only().rule()).isEqualTo(AlertRule.DRIFT);
        assertThat(only().message()).contains("it earns too little").doesNotContain("held back");
    }

    @Test
    void drift_of_a_trader_that_an_operator_kept_from_trading_says_so_even_afterwards() {
        Operator eve = new Operator("eve", "cli");
        happened(Event.byOperator(
                sample.clock.now(), EventType.OPERATOR_HALT, null, null, eve, "halted by eve: before it was there"));
        sample.clock.advance(Duration.ofMinutes(1));
        Deployment running = sample.running(trial(), 42);
        Map<String, Object> content = Map.of(
                PaperEvidence.DEPLOYMENT, running.id(), "drifted", true, PaperReview.WORDS, "it trades too little");
        put(new Finding(running.trialId(), PaperReview.DRIFT, null, content, sample.clock.now()));
        assertThat(only().message()).doesNotContain("held back");

        sample.clock.advance(Duration.ofMinutes(1));
        happened(Event.byOperator(
                sample.clock.now(),
                EventType.OPERATOR_HALT,
                running.trialId(),
                "deploy",
                eve,
                "reducing by eve: holiday"));
        happened(Event.byOperator(
                sample.clock.now(), EventType.OPERATOR_RESUME, running.trialId(), "deploy", eve, "resumed by eve"));

        assertThat(only().message())
                .contains(
                        "it trades too little",
                        "held back at",
                        "reducing by eve: holiday",
                        "differs from its backtest");
    }

    private void happened(Event event) {
        sample.store.write(tx -> {
            tx.append(event);
            return event;
        });
    }

    private void fell(Deployment running, double drawdown) {
        Map<String, Object> content =
                Map.of(PaperEvidence.DEPLOYMENT, running.id(), PaperEvidence.METRICS, Map.of("max_drawdown", drawdown));
        put(new Finding(running.trialId(), PaperEvidence.FINDING, null, content, sample.clock.now()));
    }

    @Test
    void a_paper_account_that_fell_further_than_its_backtest_counts() {
        Deployment running = sample.running(trial(), 42);
        for (double noFurther : new double[] {0.24, 0.25, 0.25 + 1e-9}) {
            fell(running, noFurther);
            assertThat(now()).as("%s", noFurther).isEmpty();
        }
        fell(running, 0.26);
        assertThat(only().rule()).isEqualTo(AlertRule.DRAWDOWN);
        assertThat(only().message()).contains("fell 26.0 % below its highest; in its backtest it was at most 25.0 %");
    }

    @Test
    void a_configured_drawdown_counts_in_its_place() {
        Conditions configured = new Conditions(
                new AlertSettings(Duration.ofMinutes(5), Duration.ofMinutes(1), 0.1), sample.clock.now());
        Deployment running = sample.running(trial(), 42);
        fell(running, 0.11);
        assertThat(now()).isEmpty();
        assertThat(now(configured))
                .singleElement()
                .satisfies(each -> assertThat(each.message()).contains("stages.deploy.risk.drawdown is 10.0 %"));
    }
}
