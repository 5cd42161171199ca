package io.pipelinev2.core.execution;

import static io.pipelinev2.core.testkit.PipelineAssertions.assertThat;
import static io.pipelinev2.core.testkit.PipelineTestKit.OPERATOR;
import static io.pipelinev2.core.testkit.PipelineTestKit.key;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pipelinev2.core.monitoring.EventType;
import io.pipelinev2.core.stage.PermanentStageException;
import io.pipelinev2.core.stage.Series;
import io.pipelinev2.core.stage.Stage;
import io.pipelinev2.core.stage.StageContext;
import io.pipelinev2.core.stage.StageOutcome;
import io.pipelinev2.core.stage.StageRun;
import io.pipelinev2.core.stage.StageStatus;
import io.pipelinev2.core.testkit.PipelineTestKit;
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
