package io.pipelinev2.core.testkit;

import static io.pipelinev2.core.testkit.PipelineAssertions.assertThat;
import static io.pipelinev2.core.testkit.PipelineAssertions.assertThatThrownBy;

import io.pipelinev2.core.monitoring.EventType;
import io.pipelinev2.core.stage.Stage;
import io.pipelinev2.core.stage.StageOutcome;
import io.pipelinev2.core.store.Attempt.Outcome;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** An assertion that does not hold says what was expected, and tells all that is known. */
class PipelineAssertionsTest {

    @RegisterExtension
    final PipelineTestKit kit = new PipelineTestKit();

    @BeforeEach
    void a_trial_whose_second_stage_failed_once() {
        kit.with(
                Stage.of("one", context -> StageOutcome.passed("fine", Map.of("sharpe", 1.5))),
                Stage.of("two", context -> {
                    throw new IOException("disk on fire");
                }));
        kit.submit(4).discover();
        kit.runDue();
    }

    @Test
    void a_trial_tells_its_whole_story() {
        assertThatThrownBy(() -> assertThat(kit.trial(4)).isFailed())
                .isInstanceOf(AssertionError.class)
                .hasMessage("""
                        Expected of trial s/4 it to be failed, but
                        trial s/4 is processing
                          one of s/4 is passed, because: fine; counts 1 attempts, 0 of them crashes
                            attempt 1 passed
                          two of s/4 is pending, due in PT5S, because: attempt 1 of 3 failed, the next is due at \
                        2026-01-29T21:30:05Z; counts 1 attempts, 0 of them crashes
                            attempt 1 error: IOException: disk on fire
                          event trial_discovered: Found in memory.
                          event stage_passed: fine
                          event stage_error: IOException: disk on fire""");
    }

    @Test
    void everything_that_can_be_expected_of_a_trial_can_be_missed() {
        TrialSnapshot trial = kit.trial(4);
        List<ThrowingCallable> unmet = List.of(
                () -> assertThat(trial).isPending(),
                () -> assertThat(trial).isCompleted(),
                () -> assertThat(trial).isDeployed(),
                () -> assertThat(trial).isFailed(),
                () -> assertThat(trial).becauseOf("it rained"),
                () -> assertThat(trial).isHeldBecauseOf("it rained"),
                () -> assertThat(trial).isParked(),
                () -> assertThat(trial).hasEvent(EventType.TRIAL_FAILED),
                () -> assertThat(trial).hasNoEvent(EventType.STAGE_PASSED),
                () -> assertThat(trial).hasEvents(EventType.STAGE_PASSED));
        assertThat(unmet)
                .allSatisfy(assertion -> assertThatThrownBy(assertion)
                        .isInstanceOf(AssertionError.class)
                        .hasMessageStartingWith("Expected of trial s/4 "));
        assertThat(trial).isProcessing().isNotHeld();
    }

    @Test
    void everything_that_can_be_expected_of_a_stage_can_be_missed() {
        StageSnapshot stage = kit.stage(4, "two");
        List<ThrowingCallable> unmet = List.of(
                () -> assertThat(stage).isRunning(),
                () -> assertThat(stage).isPassed(),
                () -> assertThat(stage).isFailed(),
                () -> assertThat(stage).isSkipped(),
                () -> assertThat(stage).becauseOf("it rained"),
                () -> assertThat(stage).hasError("it rained"),
                () -> assertThat(stage).isDue(),
                () -> assertThat(stage).isNotDue(),
                () -> assertThat(stage).isDueIn(Duration.ofSeconds(6)),
                () -> assertThat(stage).hasAttempts(2),
                () -> assertThat(stage).hasCrashes(1),
                () -> assertThat(stage).hasOutcomes(Outcome.PASSED),
                () -> assertThat(stage).hasResult("sharpe", 1.5));
        assertThat(unmet)
                .allSatisfy(assertion -> assertThatThrownBy(assertion)
                        .isInstanceOf(AssertionError.class)
                        .hasMessageStartingWith("Expected of stage two "));
        assertThat(stage).isPending().hasError("IOException: disk on fire");
        assertThat(kit.stage(4, "one")).isPassed().hasResult("sharpe", 1.5);
        assertThatThrownBy(() -> kit.stage(4, "three"))
                .hasMessage("Trial s/4 has no stage 'three'; it has [one, two].");
    }
}
