package io.pipelinev2.core.execution;

import static io.pipelinev2.core.store.Attempt.Outcome.CANCELLED;
import static io.pipelinev2.core.store.Attempt.Outcome.CRASHED;
import static io.pipelinev2.core.store.Attempt.Outcome.PASSED;
import static io.pipelinev2.core.testkit.PipelineAssertions.assertThat;
import static io.pipelinev2.core.testkit.PipelineTestKit.OPERATOR;
import static io.pipelinev2.core.testkit.PipelineTestKit.key;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pipelinev2.core.RefusedException;
import io.pipelinev2.core.deployment.Deployment;
import io.pipelinev2.core.monitoring.EventType;
import io.pipelinev2.core.stage.PermanentStageException;
import io.pipelinev2.core.stage.Series;
import io.pipelinev2.core.stage.Stage;
import io.pipelinev2.core.stage.StageContext;
import io.pipelinev2.core.stage.StageNotReadyException;
import io.pipelinev2.core.stage.StageOutcome;
import io.pipelinev2.core.stage.StageRun;
import io.pipelinev2.core.stage.StageSettings;
import io.pipelinev2.core.stage.StageStatus;
import io.pipelinev2.core.testkit.PipelineTestKit;
import io.pipelinev2.core.trial.Trial;
import io.pipelinev2.core.trial.TrialStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A stage that passed gives its verdict again. */
@Timeout(60)
class RevalidationTest {

    @RegisterExtension
    final PipelineTestKit kit = new PipelineTestKit();

    private Instant given = Instant.EPOCH;
    private final List<Object> found = new ArrayList<>();
    private Stage.Work work = context -> measured("data-1", 1);
    private Operations operations;

    @BeforeEach
    void a_completed_trial() {
        kit.with(
                        Stage.of("backtest", this::remembered),
                        Stage.of("check", context -> StageOutcome.passed("looks fine")))
                .submit(0)
                .discover();
        operations = new Operations(kit.store());
        kit.runDue();
        assertThat(kit.trial(0)).isCompleted();
    }

    private StageOutcome remembered(StageContext context) throws Exception {
        found.add(context.resultsOf("backtest"));
        return work.execute(context);
    }

    private static StageOutcome measured(String data, double sharpe) {
        return StageOutcome.passed("fine", Map.of("sharpe", sharpe))
                .with(List.of(new Series("equity", data, new double[] {500, 500 + sharpe})));
    }

    private StageRun stage(String name) {
        return kit.store()
                .read(tx -> tx.stage(tx.trial(key(0)).orElseThrow().id(), name).orElseThrow());
    }

    private List<Series> series() {
        return kit.store().read(tx -> tx.seriesOf(tx.trial(key(0)).orElseThrow().id(), "backtest"));
    }

    @Test
    void the_new_verdict_takes_the_place_of_the_old_one_and_nothing_else_changes() {
        StageRun check = stage("check");
        work = context -> measured("data-2", 2);

        assertThat(operations.revalidate(key(0), "backtest", "new data", OPERATOR))
                .isEqualTo("Stage backtest of trial s/0 gives its verdict again.");
        assertThat(operations.revalidate(key(0), "backtest", "again", OPERATOR))
                .isEqualTo("Stage backtest of trial s/0 is being repeated already.");
        assertThat(stage("backtest").repeats()).isTrue();
        assertThat(stage("backtest").results()).isEqualTo(Map.of("sharpe", 1.0));
        assertThat(kit.trial(0)).isProcessing();

        kit.runDue();

        assertThat(kit.trial(0)).isCompleted();
        assertThat(stage("backtest").results()).isEqualTo(Map.of("sharpe", 2.0));
        assertThat(stage("check")).isEqualTo(check);
        assertThat(series()).containsExactly(new Series("equity", "data-2", new double[] {500, 502}));
        assertThat(found).containsExactly(Map.of(), Map.of("sharpe", 1.0));
        assertThat(kit.store().read(tx -> tx.events(null, 100)).stream()
                        .filter(event -> event.type() == EventType.OPERATOR_REVALIDATE)
                        .map(event -> event.message()))
                .containsExactly("repeated for ada: new data");
    }

    @Test
    void a_verdict_against_it_fails_the_trial() {
        work = context -> StageOutcome.rejected("lost on the new data");
        operations.revalidate(key(0), "backtest", "", OPERATOR);
        kit.runDue();

        assertThat(kit.trial(0)).isFailed().becauseOf("backtest: lost on the new data");
        assertThat(stage("backtest").status()).isEqualTo(StageStatus.FAILED);
        assertThat(series()).as("of the old data").isEmpty();
    }

    @Test
    void if_it_cannot_be_repeated_the_earlier_verdict_stays() {
        work = context -> {
            throw new PermanentStageException("the market data is damaged");
        };
        operations.revalidate(key(0), "backtest", "", OPERATOR);
        kit.runDue();

        assertThat(kit.trial(0)).isCompleted();
        assertThat(stage("backtest"))
                .extracting(StageRun::status, StageRun::results, StageRun::errorMessage, StageRun::reason)
                .containsExactly(
                        StageStatus.PASSED,
                        Map.of("sharpe", 1.0),
                        "the market data is damaged",
                        "passed before; its repetition could not be done: the market data is damaged");
        assertThat(series()).hasSize(1);
    }

    @Test
    void a_retry_is_no_repetition_and_starts_from_nothing() {
        operations.retry(key(0), "backtest", false, "", OPERATOR);
        kit.runDue();

        assertThat(kit.trial(0)).isCompleted();
        assertThat(found).containsExactly(Map.of(), Map.of());
    }

    private void beginRepetition() {
        given = stage("backtest").completedAt();
        kit.advance(Duration.ofHours(1));
        operations.revalidate(key(0), "backtest", "", OPERATOR);
    }

    private void assertThatTheEarlierVerdictStays(String why) {
        assertThat(kit.trial(0)).isCompleted().isNotHeld();
        assertThat(stage("backtest"))
                .extracting(StageRun::status, StageRun::results, StageRun::completedAt, StageRun::reason)
                .containsExactly(StageStatus.PASSED, Map.of("sharpe", 1.0), given, why);
        assertThat(series()).hasSize(1);
        assertThat(operations.revalidate(key(0), "backtest", "", OPERATOR)).endsWith("gives its verdict again.");
    }

    @Test
    void the_earlier_verdict_is_still_of_its_own_time_if_it_cannot_be_repeated() {
        work = context -> {
            throw new PermanentStageException("no data");
        };
        beginRepetition();
        assertThat(stage("backtest").completedAt()).isEqualTo(given);
        kit.runDue();

        assertThatTheEarlierVerdictStays("passed before; its repetition could not be done: no data");
    }

    @Test
    void a_repetition_that_is_cancelled_leaves_the_trial_as_it_was() {
        beginRepetition();
        assertThat(operations.cancel(key(0), "changed my mind", OPERATOR))
                .isEqualTo("Stage backtest of trial s/0 is not repeated; it passed before.");

        assertThatTheEarlierVerdictStays("passed before; its repetition was cancelled by ada: changed my mind");
    }

    @Test
    void so_does_one_that_is_cancelled_while_it_runs_and_parked() {
        work = context -> {
            operations.park(key(0), "wait", OPERATOR);
            operations.cancel(key(0), "no", OPERATOR);
            return measured("data-2", 2);
        };
        beginRepetition();
        kit.runDue();

        assertThat(kit.stage(0, "backtest")).hasOutcomes(PASSED, CANCELLED);
        assertThatTheEarlierVerdictStays("passed before; its repetition was cancelled by ada: no");
    }

    @Test
    void so_does_one_that_is_skipped() {
        beginRepetition();
        operations.park(key(0), "wait", OPERATOR);
        assertThat(operations.skip(key(0), "backtest", "not needed", OPERATOR))
                .isEqualTo("Stage backtest of trial s/0 is not repeated; it passed before.");

        assertThatTheEarlierVerdictStays("passed before; its repetition was skipped by ada: not needed");
    }

    @Test
    void so_does_one_whose_stage_is_disabled() {
        beginRepetition();
        kit.with(Stage.of("backtest", this::remembered), StageSettings.DEFAULT.withEnabled(false))
                .restart()
                .runDue();

        assertThatTheEarlierVerdictStays("passed before; not repeated: disabled in the configuration");
    }

    @Test
    void a_repetition_that_is_parked_goes_on_when_it_is_unparked() {
        work = context -> measured("data-2", 2);
        beginRepetition();
        operations.park(key(0), "wait", OPERATOR);
        kit.runUntilIdle();
        assertThat(kit.trial(0)).isProcessing().isHeldBecauseOf("parked by ada: wait");
        assertThat(stage("backtest").results()).isEqualTo(Map.of("sharpe", 1.0));

        operations.unpark(key(0), "", OPERATOR);
        kit.runDue();
        assertThat(kit.trial(0)).isCompleted();
        assertThat(stage("backtest").results()).isEqualTo(Map.of("sharpe", 2.0));
    }

    @Test
    void a_repetition_whose_runner_dies_keeps_the_earlier_results_until_another_runner_has_the_new_ones() {
        work = context -> measured("data-2", 2);
        beginRepetition();
        kit.crashDuring(0, "backtest");
        assertThat(stage("backtest"))
                .extracting(StageRun::status, StageRun::results, StageRun::completedAt)
                .containsExactly(StageStatus.RUNNING, Map.of("sharpe", 1.0), given);
        kit.advance(PipelineTestKit.LEASE);
        assertThat(stage("backtest").repeats()).isTrue();

        kit.runUntilIdle();
        assertThat(kit.stage(0, "backtest")).hasOutcomes(PASSED, CRASHED, PASSED);
        assertThat(kit.trial(0)).isCompleted();
        assertThat(stage("backtest").results()).isEqualTo(Map.of("sharpe", 2.0));
        assertThat(stage("backtest").completedAt()).isAfter(given);
    }

    @Test
    void a_repetition_that_waits_for_what_has_not_arrived_does_not_make_the_trial_a_new_one() {
        work = context -> {
            throw new StageNotReadyException("no model yet", context.now().plusSeconds(30));
        };
        beginRepetition();
        kit.runDue();
        assertThat(kit.trial(0)).isProcessing().isHeldBecauseOf("no model yet");

        work = context -> measured("data-2", 2);
        kit.runUntilIdle();
        assertThat(kit.trial(0)).isCompleted().isNotHeld();
    }

    @Test
    void what_is_deployed_is_neither_retried_nor_skipped_whatever_its_repetition_came_to() {
        kit.store().write(tx -> {
            Trial trial = tx.trial(key(0)).orElseThrow();
            tx.insert(Deployment.wanted(
                    trial.id(), trial.key(), "m", "best", null, kit.clock().now()));
            tx.update(
                    trial,
                    trial.become(TrialStatus.DEPLOYED, "best", kit.clock().now()));
            return null;
        });
        beginRepetition();
        assertThatRetryIsRefused();

        work = context -> StageOutcome.rejected("lost on the new data");
        kit.runDue();
        assertThat(kit.trial(0)).isFailed();
        assertThatRetryIsRefused();
        assertThatThrownBy(() -> operations.skip(key(0), "backtest", "never mind", OPERATOR))
                .isInstanceOf(RefusedException.class)
                .hasMessage("Trial s/0 is deployed. Stop it first: stop s/0.");
    }

    private void assertThatRetryIsRefused() {
        assertThatThrownBy(() -> operations.retry(key(0), "backtest", false, "", OPERATOR))
                .isInstanceOf(RefusedException.class)
                .hasMessage("Trial s/0 is deployed. Stop it first: stop s/0.");
    }

    @Test
    void what_was_decided_without_an_attempt_is_not_repeated() {
        kit.store().write(tx -> {
            StageRun decided = StageRun.waiting(tx.trial(key(0)).orElseThrow().id(), "deploy", 2, 1, null)
                    .ended(StageStatus.PASSED, kit.clock().now(), null, "best", Map.of("decision", "deployed"));
            return tx.insert(decided);
        });
        assertThatThrownBy(() -> operations.revalidate(key(0), "deploy", "", OPERATOR))
                .isInstanceOf(RefusedException.class)
                .hasMessage("Stage deploy of trial s/0 was decided without an attempt and cannot be repeated.");
    }

    @Test
    void only_what_has_passed_is_repeated() {
        assertThatThrownBy(() -> operations.revalidate(key(0), "stress", "", OPERATOR))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("no stage 'stress'");
        assertThatThrownBy(() -> operations.revalidate(key(9), "backtest", "", OPERATOR))
                .isInstanceOf(TrialNotFoundException.class);
        work = context -> StageOutcome.rejected("no");
        operations.revalidate(key(0), "backtest", "", OPERATOR);
        kit.runDue();
        assertThatThrownBy(() -> operations.revalidate(key(0), "backtest", "", OPERATOR))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("is failed. Only what is deployed or completed is validated again");
    }
}
