package io.pipelinev2.embedding;

import static io.pipelinev2.core.testkit.PipelineAssertions.assertThat;

import io.pipelinev2.core.stage.Stage;
import io.pipelinev2.core.stage.StageNotReadyException;
import io.pipelinev2.core.stage.StageOutcome;
import io.pipelinev2.core.stage.StageSettings;
import io.pipelinev2.core.store.Attempt.Outcome;
import io.pipelinev2.core.testkit.PipelineTestKit;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class GateTest {

    @RegisterExtension
    final PipelineTestKit kit = new PipelineTestKit();

    private boolean delivered;

    /** The stage under test: waits for a file, and wants a value of at least a half. */
    private final Stage gate = Stage.of("gate", context -> {
        if (!delivered) {
            throw new StageNotReadyException("no report yet", context.now().plus(Duration.ofHours(1)));
        }
        Double value = context.trial().value();
        return value != null && value >= 0.5
                ? StageOutcome.passed("good enough", Map.of("value", value))
                : StageOutcome.rejected("value " + value + " is below 0.5");
    });

    @Test
    void a_weak_trial_is_rejected_once_and_for_all() {
        delivered = true;
        kit.with(gate).submit(3).discover();

        kit.runUntilIdle();

        assertThat(kit.trial(3)).isFailed().becauseOf("gate: value 0.3 is below 0.5");
        assertThat(kit.stage(3, "gate")).hasOutcomes(Outcome.REJECTED);
    }

    @Test
    void waiting_for_the_report_uses_up_no_attempt() {
        kit.with(gate, StageSettings.DEFAULT.withMaxAttempts(1)).submit(7).discover();

        kit.runDue();
        assertThat(kit.trial(7)).isPending().isHeldBecauseOf("no report yet");
        assertThat(kit.stage(7, "gate")).isDueIn(Duration.ofHours(1)).hasAttempts(0);

        delivered = true;
        kit.advance(Duration.ofHours(1)).runDue();
        assertThat(kit.stage(7, "gate")).isPassed().hasResult("value", 0.7);
    }

    @Test
    void what_a_dead_runner_leaves_behind_is_done_again() {
        delivered = true;
        kit.with(gate).submit(9).discover();

        kit.crashDuring(9, "gate");
        assertThat(kit.stage(9, "gate")).isRunning();

        kit.runUntilIdle();
        assertThat(kit.stage(9, "gate")).hasOutcomes(Outcome.CRASHED, Outcome.PASSED);
    }
}
