package io.pipelinev2.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pipelinev2.core.stage.Stage;
import io.pipelinev2.core.stage.StageOutcome;
import io.pipelinev2.core.trial.InMemoryTrialSource;
import io.pipelinev2.core.trial.TrialKey;
import io.pipelinev2.core.trial.TrialStatus;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Nothing new is begun while there is a reason, and it goes on by itself when there is none. */
@Timeout(60)
class HoldTest {

    private final AtomicReference<Optional<String>> reason = new AtomicReference<>(Optional.empty());

    private Pipeline pipeline(Stage... stages) {
        Pipeline.Builder builder = Pipeline.builder()
                .source(new InMemoryTrialSource().add("study", 1, 0.5))
                .holdWhile(reason::get);
        for (Stage stage : stages) {
            builder.stage(stage);
        }
        return builder.build();
    }

    private static TrialStatus status(Pipeline pipeline) {
        return pipeline.records().trial(new TrialKey("study", 1)).orElseThrow().status();
    }

    @Test
    void what_is_due_waits_and_goes_on_by_itself() {
        try (Pipeline pipeline = pipeline(Stage.of("backtest", context -> StageOutcome.passed("fine")))) {
            pipeline.discoverTrials();
            reason.set(Optional.of("the disk is full"));
            assertThat(pipeline.runDue()).isZero();
            assertThat(pipeline.executor().tick()).isTrue();
            assertThat(status(pipeline)).isEqualTo(TrialStatus.PENDING);

            reason.set(Optional.empty());
            assertThat(pipeline.runDue()).isOne();
            assertThat(status(pipeline)).isEqualTo(TrialStatus.COMPLETED);
        }
    }

    @Test
    void a_run_to_the_end_says_why_it_does_not_begin() {
        try (Pipeline pipeline = pipeline(Stage.of("backtest", context -> StageOutcome.passed("fine")))) {
            reason.set(Optional.of("the disk is full"));
            assertThatThrownBy(pipeline::runOnce)
                    .isInstanceOf(RefusedException.class)
                    .hasMessage("Nothing new is begun: the disk is full");
            assertThat(pipeline.status().trials().values()).allMatch(count -> count == 0);
        }
    }

    @Test
    void what_runs_is_finished_and_nothing_after_it_begun() {
        Stage filling = Stage.of("backtest", context -> {
            reason.set(Optional.of("the disk is full"));
            return StageOutcome.passed("fine");
        });
        try (Pipeline pipeline = pipeline(filling, Stage.of("check", context -> StageOutcome.passed("fine")))) {
            assertThatThrownBy(pipeline::runOnce).hasMessageContaining("the disk is full");
            assertThat(status(pipeline)).isEqualTo(TrialStatus.PROCESSING);
            assertThat(pipeline.records().stages(new TrialKey("study", 1)))
                    .extracting(stage -> stage.status().label())
                    .containsExactly("passed", "pending");
        }
    }
}
