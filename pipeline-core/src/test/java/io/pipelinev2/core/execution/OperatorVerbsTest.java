package io.pipelinev2.core.execution;

import static io.pipelinev2.core.testkit.PipelineAssertions.assertThat;
import static io.pipelinev2.core.testkit.PipelineTestKit.OPERATOR;
import static io.pipelinev2.core.testkit.PipelineTestKit.key;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pipelinev2.core.RefusedException;
import io.pipelinev2.core.monitoring.Event;
import io.pipelinev2.core.monitoring.EventType;
import io.pipelinev2.core.monitoring.HealthStatus;
import io.pipelinev2.core.stage.PermanentStageException;
import io.pipelinev2.core.stage.Stage;
import io.pipelinev2.core.stage.StageHold;
import io.pipelinev2.core.stage.StageOutcome;
import io.pipelinev2.core.store.Attempt;
import io.pipelinev2.core.testkit.PipelineTestKit;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** What an operator may do, each twice, each with an event that says who did it and why. */
@Timeout(60)
class OperatorVerbsTest {

    @RegisterExtension
    final PipelineTestKit kit = new PipelineTestKit();

    private final AtomicInteger failures = new AtomicInteger();
    private final Stage one = Stage.of("one", context -> {
        if (failures.getAndDecrement() > 0) {
            throw new IOException("disk on fire");
        }
        return StageOutcome.passed("fine");
    });
    private final Stage two = Stage.of("two", context -> StageOutcome.passed("fine"));

    /** From another process: nothing but the store in common with whoever runs the pipeline. */
    private Operations operations;

    @BeforeEach
    void a_discovered_trial() {
        kit.with(one, two).submit(0).discover();
        operations = new Operations(kit.store());
    }

    private void assertSingleEvent(EventType type, String message) {
        List<Event> events = kit.store().read(tx -> tx.events(null, 100)).stream()
                .filter(event -> event.type() == type)
                .toList();
        assertThat(events).singleElement().satisfies(event -> {
            assertThat(event.actor()).isEqualTo(OPERATOR.name());
            assertThat(event.origin()).isEqualTo(OPERATOR.origin());
            assertThat(event.message()).isEqualTo(message);
        });
    }

    @Test
    void a_parked_trial_stands_still_until_it_is_unparked() throws Exception {
        assertThat(operations.park(key(0), "odd parameters", OPERATOR))
                .isEqualTo("Trial s/0 is parked. `unpark s/0` lets it go on.");
        assertThat(operations.park(key(0), "again", OPERATOR))
                .isEqualTo("Trial s/0 is parked already: parked by ada: odd parameters");

        assertThat(kit.runUntilIdle()).isZero();
        assertThat(kit.trial(0)).isPending().isHeldBecauseOf("parked by ada: odd parameters");
        // does not wait for it either
        kit.pipeline().runOnce();

        assertThat(operations.unpark(key(0), "looked at", OPERATOR)).isEqualTo("Trial s/0 goes on.");
        assertThat(operations.unpark(key(0), "again", OPERATOR)).isEqualTo("Trial s/0 is not parked.");
        kit.runDue();
        assertThat(kit.trial(0)).isCompleted();
        assertSingleEvent(EventType.OPERATOR_PARK, "parked by ada: odd parameters");
        assertSingleEvent(EventType.OPERATOR_UNPARK, "unparked by ada: looked at");
    }

    @Test
    void a_trial_parked_between_retries_keeps_its_attempts() {
        failures.set(1);
        kit.runDue();
        operations.park(key(0), "wait", OPERATOR);
        assertThat(kit.runUntilIdle()).isZero();
        operations.unpark(key(0), "", OPERATOR);
        kit.runUntilIdle();
        assertThat(kit.trial(0)).isCompleted();
        assertThat(kit.stage(0, "one")).hasOutcomes(Attempt.Outcome.ERROR, Attempt.Outcome.PASSED);
    }

    @Test
    void a_trial_parked_while_it_runs_stops_before_its_next_stage() {
        kit.with(Stage.of("one", context -> {
                    operations.park(key(0), "enough", OPERATOR);
                    return StageOutcome.passed("fine");
                }))
                .restart();
        kit.runDue();
        assertThat(kit.stage(0, "one")).isPassed();
        assertThat(kit.stage(0, "two")).hasAttempts(0);
        assertThat(kit.trial(0)).isProcessing().isHeldBecauseOf("parked by ada: enough");
    }

    @Test
    void what_is_decided_is_not_parked_or_cancelled() {
        kit.runDue();
        assertThatThrownBy(() -> operations.park(key(0), "late", OPERATOR))
                .isInstanceOf(RefusedException.class)
                .hasMessage("Trial s/0 is completed, so there is nothing to be parked.");
        assertThatThrownBy(() -> operations.cancel(key(0), "late", OPERATOR))
                .isInstanceOf(RefusedException.class)
                .hasMessage("Trial s/0 is completed, so there is nothing to be cancelled.");
        assertThatThrownBy(() -> operations.cancel(key(0), " ", OPERATOR)).hasMessageContaining("needs a reason");
        assertThatThrownBy(() -> operations.park(key(0), " ", OPERATOR)).hasMessageContaining("needs a reason");
        assertThatThrownBy(() -> operations.park(key(7), "?", OPERATOR)).isInstanceOf(TrialNotFoundException.class);
    }

    @Test
    void a_cancelled_trial_has_failed_and_can_be_retried() {
        operations.cancel(key(0), "wrong study", OPERATOR);
        assertThat(operations.cancel(key(0), "again", OPERATOR))
                .isEqualTo("Trial s/0 has failed already: cancelled by ada: wrong study");
        assertThat(kit.runUntilIdle()).isZero();
        assertThat(kit.trial(0)).isFailed().becauseOf("cancelled by ada: wrong study");
        assertSingleEvent(EventType.OPERATOR_CANCEL, "cancelled by ada: wrong study");

        kit.retry(0);
        kit.runDue();
        assertThat(kit.trial(0)).isCompleted();
    }

    @Test
    void what_a_cancelled_trial_was_doing_is_not_applied() {
        kit.with(Stage.of("one", context -> {
                    operations.cancel(key(0), "no more", OPERATOR);
                    return StageOutcome.passed("too late");
                }))
                .restart();
        kit.runDue();
        assertThat(kit.trial(0))
                .isFailed()
                .becauseOf("cancelled by ada: no more")
                .hasEvent(EventType.LATE_RESULT);
        assertThat(kit.stage(0, "one")).hasOutcomes(Attempt.Outcome.CANCELLED);
    }

    @Test
    void nothing_is_begun_of_a_paused_stage_and_the_others_go_on() throws Exception {
        assertThat(operations.pause("two", "looking at it", OPERATOR))
                .isEqualTo("Stage two is paused: nothing more is begun of it. `unpause two` ends it.");
        assertThat(operations.pause("two", "again", OPERATOR))
                .isEqualTo("Stage two is paused already, paused by ada: looking at it.");
        kit.runUntilIdle();
        assertThat(kit.stage(0, "one")).isPassed();
        assertThat(kit.stage(0, "two")).isPending().hasAttempts(0);
        assertThat(kit.pipeline().status().holds()).extracting(StageHold::stage).containsExactly("two");
        kit.pipeline().runOnce();

        assertThat(operations.unpause(null, "", OPERATOR))
                .isEqualTo("There is no pause of all stages; held are two (`unpause two`).");
        assertThat(operations.unpause("two", "done", OPERATOR)).isEqualTo("Stage two is going again.");
        kit.runDue();
        assertThat(kit.trial(0)).isCompleted();
        assertSingleEvent(EventType.OPERATOR_PAUSE, "paused by ada: looking at it");
        assertSingleEvent(EventType.OPERATOR_UNPAUSE, "unpaused by ada: done");
    }

    @Test
    void everything_can_be_paused_at_once() {
        operations.pause(null, "maintenance", OPERATOR);
        assertThat(operations.unpause("two", "", OPERATOR))
                .isEqualTo("Stage two is not paused; held are all stages together (`unpause`).");
        assertThat(kit.runUntilIdle()).isZero();
        kit.submit(1);
        assertThat(kit.discover()).as("discovery goes on").hasSize(1);
        assertThat(kit.pipeline().status().pipeline())
                .as("an operator's pause is no trouble")
                .isNotEqualTo(HealthStatus.DEGRADED);
        operations.unpause(null, "", OPERATOR);
        assertThat(operations.unpause(null, "", OPERATOR)).isEqualTo("There is no pause of all stages.");
        kit.runUntilIdle();
        assertThat(kit.trial(0)).isCompleted();
        assertThat(kit.trial(1)).isCompleted();
    }

    @Test
    void a_drained_runner_begins_nothing_more_and_the_next_one_does() {
        kit.runDue();
        kit.submit(1);
        kit.discover();
        operations.drain("new version", OPERATOR);
        assertThat(kit.runDue()).isZero();
        assertSingleEvent(EventType.OPERATOR_DRAIN, "drained by ada: new version");

        kit.restart();
        kit.runDue();
        assertThat(kit.trial(1)).isCompleted();
    }

    @Test
    void a_retry_of_one_stage_leaves_the_results_of_later_ones() {
        kit.runDue();
        operations.retry(key(0), "one", false, "new data", OPERATOR);
        assertThat(kit.trial(0)).isProcessing();
        assertThat(kit.stage(0, "two")).isPassed();
        kit.runUntilIdle();
        assertThat(kit.trial(0)).isCompleted();
        assertThat(kit.stage(0, "one")).hasOutcomes(Attempt.Outcome.PASSED, Attempt.Outcome.PASSED);
        assertThat(kit.stage(0, "two")).hasOutcomes(Attempt.Outcome.PASSED);
        assertSingleEvent(EventType.OPERATOR_RETRY, "Stage one is due again: new data");
    }

    @Test
    void a_retry_from_a_stage_on_goes_through_the_later_ones_again() {
        kit.runDue();
        operations.retry(key(0), "one", true, "", OPERATOR);
        assertThat(kit.stage(0, "two")).isPending();
        kit.runUntilIdle();
        assertThat(kit.trial(0)).isCompleted();
        assertThat(kit.stage(0, "two")).hasOutcomes(Attempt.Outcome.PASSED, Attempt.Outcome.PASSED);
    }

    @Test
    void a_stage_that_failed_after_a_retried_one_stays_failed_unless_it_is_retried_from_there() {
        AtomicInteger calls = new AtomicInteger();
        kit.with(Stage.of("two", context -> {
                    if (calls.getAndIncrement() == 0) {
                        throw new PermanentStageException("no licence");
                    }
                    return StageOutcome.passed("licensed");
                }))
                .restart();
        kit.runDue();
        assertThat(operations.retry(key(0), "one", false, "", OPERATOR))
                .isEqualTo("Stage one of trial s/0 is due again; two after it has failed and stays so, unless --from is"
                        + " given.");
        kit.runUntilIdle();
        assertThat(kit.trial(0)).isFailed();
        assertThat(kit.trial(0).row().reason()).contains("no licence");

        operations.retry(key(0), "one", true, "", OPERATOR);
        kit.runUntilIdle();
        assertThat(kit.trial(0)).isCompleted();
    }

    @Test
    void a_retry_from_a_stage_on_is_not_lost_on_one_that_is_due_already() {
        kit.runDue();
        operations.retry(key(0), "one", false, "", OPERATOR);
        assertThat(operations.retry(key(0), "one", true, "", OPERATOR))
                .isEqualTo("Stage one of trial s/0 is due again, and all after it.");
        assertThat(kit.stage(0, "two")).isPending();
        assertThat(operations.retry(key(0), "one", true, "", OPERATOR))
                .isEqualTo("Stage one of trial s/0 is due already.");
        kit.runUntilIdle();
        assertThat(kit.stage(0, "two")).hasOutcomes(Attempt.Outcome.PASSED, Attempt.Outcome.PASSED);
    }

    @Test
    void verbs_that_meet_a_running_stage_say_so() {
        kit.with(Stage.of("one", context -> {
                    assertThatThrownBy(() -> operations.retry(key(0), "one", false, "", OPERATOR))
                            .isInstanceOf(RefusedException.class)
                            .hasMessageContaining("is running. Wait for its end, or cancel the trial.");
                    assertThatThrownBy(() -> operations.skip(key(0), "one", "why not", OPERATOR))
                            .isInstanceOf(RefusedException.class)
                            .hasMessageContaining("is running and cannot be skipped now");
                    return StageOutcome.passed("fine");
                }))
                .restart();
        kit.runDue();
        assertThat(kit.trial(0)).isCompleted();
        assertThat(kit.stage(0, "one")).isPassed();
    }
}
