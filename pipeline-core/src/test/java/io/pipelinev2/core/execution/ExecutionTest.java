package io.pipelinev2.core.execution;

import static io.pipelinev2.core.testkit.PipelineAssertions.assertThat;
import static io.pipelinev2.core.testkit.PipelineAssertions.assertThatThrownBy;
import static io.pipelinev2.core.testkit.PipelineTestKit.key;

import io.pipelinev2.core.ManualClock;
import io.pipelinev2.core.RefusedException;
import io.pipelinev2.core.monitoring.Event;
import io.pipelinev2.core.monitoring.EventType;
import io.pipelinev2.core.stage.PermanentStageException;
import io.pipelinev2.core.stage.Stage;
import io.pipelinev2.core.stage.StageContext;
import io.pipelinev2.core.stage.StageNotReadyException;
import io.pipelinev2.core.stage.StageOutcome;
import io.pipelinev2.core.stage.StageSettings;
import io.pipelinev2.core.stage.StageStatus;
import io.pipelinev2.core.store.Attempt;
import io.pipelinev2.core.store.Attempt.Outcome;
import io.pipelinev2.core.testkit.PipelineTestKit;
import io.pipelinev2.core.testkit.RunnerDeath;
import io.pipelinev2.core.testkit.StageSnapshot;
import io.pipelinev2.core.trial.TrialStatus;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class ExecutionTest {

    private static final Duration CANCEL_GRACE = Duration.ofSeconds(5);

    @RegisterExtension
    final PipelineTestKit kit = new PipelineTestKit();

    private final AtomicInteger calls = new AtomicInteger();

    private static Stage passing(String name) {
        return Stage.of(name, context -> StageOutcome.passed("fine", Map.of("by", name)));
    }

    private static StageSettings disabled() {
        return StageSettings.DEFAULT.withEnabled(false);
    }

    @Test
    void a_trial_that_passes_every_stage_is_completed() {
        kit.with(passing("one"), passing("two")).submit(0).discover();
        assertThat(kit.trial(0)).isPending();
        assertThat(kit.stage(0, "two")).isNotDue();

        assertThat(kit.runDue()).isEqualTo(2);

        assertThat(kit.trial(0))
                .isCompleted()
                .hasEvents(
                        EventType.TRIAL_DISCOVERED,
                        EventType.STAGE_PASSED,
                        EventType.STAGE_PASSED,
                        EventType.TRIAL_COMPLETED);
        assertThat(kit.stage(0, "one")).hasResult("by", "one").hasOutcomes(Outcome.PASSED);
        assertThat(kit.stage(0, "two")).isPassed().hasOutcomes(Outcome.PASSED);
    }

    @Test
    void a_verdict_against_a_trial_is_final_and_never_retried() {
        kit.with(
                Stage.of("gate", context -> StageOutcome.rejected("Sharpe -1 is below 0", Map.of("sharpe", -1))),
                passing("two"));
        kit.submit(0).discover();
        kit.runDue();
        kit.advance(Duration.ofDays(1)).runDue();

        assertThat(kit.trial(0)).isFailed().becauseOf("gate: Sharpe -1 is below 0");
        assertThat(kit.stage(0, "gate"))
                .hasOutcomes(Outcome.REJECTED)
                .hasError("Sharpe -1 is below 0")
                .hasResult("sharpe", -1L);
        assertThat(kit.stage(0, "two")).hasAttempts(0);
    }

    @Test
    void an_error_is_retried_after_the_configured_delays_until_the_attempts_are_used_up() {
        kit.with(Stage.of("flaky", context -> {
            throw new IOException("disk on fire, try " + context.attempt());
        }));
        kit.submit(0).discover();
        kit.runDue();
        assertThat(kit.stage(0, "flaky")).isDueIn(Duration.ofSeconds(5));
        assertThat(kit.trial(0)).isProcessing();
        kit.advance(Duration.ofSeconds(4));
        assertThat(kit.runDue()).as("not due yet").isZero();
        kit.advance(Duration.ofSeconds(1)).runDue();
        assertThat(kit.stage(0, "flaky")).isDueIn(Duration.ofSeconds(30));
        kit.advance(Duration.ofSeconds(30)).runDue();

        assertThat(kit.trial(0))
                .isFailed()
                .becauseOf("flaky: 3 of 3 attempts failed, the last with: IOException: disk on fire, try 3");
        List<Attempt> attempts = kit.stage(0, "flaky").attempts();
        assertThat(attempts)
                .extracting(Attempt::error)
                .containsExactly(
                        "IOException: disk on fire, try 1",
                        "IOException: disk on fire, try 2",
                        "IOException: disk on fire, try 3");
        assertThat(attempts.get(0).stackTrace()).contains("ExecutionTest");
    }

    @Test
    void a_permanent_error_is_not_retried() {
        kit.with(Stage.of("load", context -> {
            throw new PermanentStageException("no model: trial_0_1h does not exist");
        }));
        kit.submit(0).discover();
        kit.runDue();
        kit.advance(Duration.ofDays(1)).runDue();
        assertThat(kit.stage(0, "load")).hasOutcomes(Outcome.ERROR);
        assertThat(kit.trial(0)).becauseOf("load: no model: trial_0_1h does not exist");
    }

    @Test
    void waiting_for_something_uses_up_no_attempt_and_leaves_the_trial_pending_with_the_reason() {
        kit.with(Stage.of("load", context -> {
            if (calls.incrementAndGet() < 10) {
                throw new StageNotReadyException(
                        "its model has not arrived", context.now().plusSeconds(60));
            }
            return StageOutcome.passed("there");
        }));
        kit.submit(0).discover();
        kit.runDue();
        assertThat(kit.trial(0)).isPending().isHeldBecauseOf("its model has not arrived");
        assertThat(kit.stage(0, "load")).hasAttempts(0).isDueIn(Duration.ofSeconds(60));
        assertThat(kit.runUntilIdle()).isEqualTo(9);
        assertThat(kit.trial(0)).isCompleted().isNotHeld();
        assertThat(kit.stage(0, "load")).hasAttempts(1).hasOutcomes(Outcome.PASSED);
    }

    @Test
    void one_trials_fault_never_stops_the_others() {
        kit.with(Stage.of("work", context -> {
            if (context.trial().key().number() == 1) {
                throw new StackOverflowError("deep");
            }
            return StageOutcome.passed("fine");
        }));
        kit.submit(0, 1, 2).discover();
        kit.runDue();
        assertThat(kit.trial(0)).isCompleted();
        assertThat(kit.trial(1)).isProcessing();
        assertThat(kit.trial(2)).isCompleted();
    }

    @Test
    void a_stage_may_say_that_it_does_not_apply() {
        kit.with(Stage.of("stress", context -> StageOutcome.skipped("no scenarios")), passing("two"));
        kit.submit(0).discover();
        kit.runDue();
        assertThat(kit.stage(0, "stress")).isSkipped().becauseOf("no scenarios");
        assertThat(kit.trial(0)).isCompleted();
    }

    @Test
    void a_later_stage_sees_the_results_of_an_earlier_one() {
        kit.with(
                passing("one"),
                Stage.of(
                        "two",
                        context -> StageOutcome.passed(
                                "after " + context.resultsOf("one").get("by"))));
        kit.submit(0).discover();
        kit.runDue();
        assertThat(kit.stage(0, "two")).becauseOf("after one");
    }

    @Test
    void an_attempt_past_its_deadline_is_given_up_frees_its_slot_and_its_late_result_is_not_applied() throws Exception {
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch interrupted = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        AtomicReference<StageContext> its = new AtomicReference<>();
        Stage stubborn = Stage.of("stubborn", context -> {
            if (context.attempt() > 1) {
                return StageOutcome.passed("second time");
            }
            its.set(context);
            entered.countDown();
            boolean waiting = true;
            while (waiting) {
                try {
                    release.await();
                    waiting = false;
                } catch (InterruptedException e) {
                    interrupted.countDown();
                }
            }
            return StageOutcome.passed("far too late");
        });
        kit.with(stubborn).submit(0).discover();
        Executor executor = executor(stubborn);
        executor.tick();
        entered.await();
        kit.advance(Duration.ofSeconds(59));
        executor.tick();
        assertThat(kit.stage(0, "stubborn")).isRunning();
        kit.advance(Duration.ofSeconds(1));
        executor.tick();
        assertThat(its.get().isCancelled())
                .as("asked to end, not interrupted yet")
                .isTrue();
        assertThat(interrupted.getCount()).isEqualTo(1);
        kit.advance(CANCEL_GRACE);
        executor.tick();
        interrupted.await();
        assertThat(kit.stage(0, "stubborn")).isRunning();
        kit.advance(CANCEL_GRACE);
        executor.tick();

        StageSnapshot givenUp = kit.stage(0, "stubborn");
        assertThat(givenUp)
                .isPending()
                .hasError("Attempt 1 took longer than 60 s and was given up.")
                .hasOutcomes(Outcome.TIMED_OUT);
        assertThat(givenUp.attempts().get(0).stackTrace()).contains("ExecutionTest");

        kit.advance(Duration.ofSeconds(5)).runDue();
        assertThat(kit.stage(0, "stubborn")).becauseOf("second time");
        handedIn(executor, release);
        assertThat(kit.stage(0, "stubborn")).becauseOf("second time");
        assertThat(kit.trial(0)).hasEvent(EventType.LATE_RESULT);
    }

    /** Lets a stage end, and writes down what it came to. */
    private static void handedIn(Executor executor, CountDownLatch release) throws InterruptedException {
        long seen = executor.changes();
        release.countDown();
        while (executor.changes() == seen) {
            executor.await(seen);
        }
        executor.tick();
    }

    private Executor executor(Stage stage) {
        return new Executor(
                StagePlan.builder().add(stage, StageSettings.DEFAULT).build(),
                kit.store(),
                kit.source(),
                new RunnerSettings(
                        RunnerIdentity.fresh("here"),
                        RunnerLiveness.unknown(),
                        StageBreaker.never(),
                        2,
                        Duration.ofMinutes(10),
                        CANCEL_GRACE),
                kit.clock());
    }

    @Test
    void a_dead_runners_work_is_taken_over_after_its_lease_and_shown_as_a_crash() {
        kit.with(passing("work")).submit(0).discover();
        kit.crashDuring(0, "work");

        assertThat(kit.runDue()).as("the lease still holds").isZero();
        kit.advance(Duration.ofSeconds(60));
        assertThat(kit.runDue()).isEqualTo(1);

        assertThat(kit.trial(0)).isCompleted();
        StageSnapshot work = kit.stage(0, "work");
        assertThat(work).hasOutcomes(Outcome.CRASHED, Outcome.PASSED).hasCrashes(1);
        assertThat(work.row().failures()).isEqualTo(1);
    }

    @Test
    void a_runner_known_to_be_dead_is_not_waited_for() {
        kit.with(passing("work")).configured(builder -> {
            RunnerIdentity self = RunnerIdentity.fresh("here");
            builder.identity(self).liveness(RunnerLiveness.sole(self));
        });
        kit.submit(0).discover();
        kit.crashDuring(0, "work");
        assertThat(kit.runDue()).isEqualTo(1);
        assertThat(kit.trial(0)).isCompleted();
    }

    @Test
    void a_trial_that_keeps_killing_its_runner_is_parked_until_an_operator_unparks_it() {
        kit.with(Stage.of("work", context -> {
            if (calls.incrementAndGet() <= 3) {
                throw new RunnerDeath();
            }
            return StageOutcome.passed("fine");
        }));
        kit.submit(0).discover();
        assertThat(kit.runUntilIdle()).isEqualTo(3);
        assertThat(kit.trial(0)).isParked().isHeldBecauseOf("parked: its runner died 3 times during work");

        kit.operations().unpark(key(0), "the disk was full", PipelineTestKit.OPERATOR);
        kit.runDue();
        assertThat(kit.trial(0)).isCompleted().isNotHeld();
    }

    @Test
    void a_failed_trial_can_be_retried_with_all_its_attempts() {
        kit.with(Stage.of("work", context -> {
            if (calls.incrementAndGet() <= 1) {
                throw new PermanentStageException("no model");
            }
            return StageOutcome.passed("model is there now");
        }));
        kit.submit(0).discover();
        kit.runDue();
        assertThat(kit.trial(0)).isFailed();
        assertThat(kit.retry(0)).isEqualTo("Stage work of trial s/0 is due again.");
        assertThat(kit.retry(0)).isEqualTo("Stage work of trial s/0 is due already.");
        kit.runDue();
        assertThat(kit.trial(0)).isCompleted();
        assertThat(kit.stage(0, "work")).as("history is kept").hasOutcomes(Outcome.ERROR, Outcome.PASSED);
        assertThat(kit.trial(0).events())
                .filteredOn(event -> event.type() == EventType.OPERATOR_RETRY)
                .extracting(Event::actor)
                .containsExactly("ada");
    }

    @Test
    void retry_says_what_it_cannot_do() {
        kit.with(passing("one"), passing("two")).submit(0).discover();
        assertThatThrownBy(() -> kit.retry(7))
                .isInstanceOf(TrialNotFoundException.class)
                .hasMessageContaining("There is no trial s/7");
        assertThatThrownBy(() -> kit.retry(0, "three"))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("has no stage 'three'; it has [one, two]");
        assertThatThrownBy(() -> kit.retry(0, "two"))
                .hasMessageContaining("Stage one of trial s/0 comes before two and is pending");
    }

    @Test
    void skipping_a_failed_stage_lets_the_trial_go_on() {
        kit.with(Stage.of("gate", context -> StageOutcome.rejected("no")), passing("two"));
        kit.submit(0).discover();
        kit.runDue();
        assertThatThrownBy(() -> kit.skip(0, "two", "why not"))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("waiting for an earlier one");
        kit.skip(0, "gate", "known false alarm");
        kit.runDue();
        assertThat(kit.trial(0)).isCompleted();
        assertThat(kit.stage(0, "gate")).becauseOf("skipped by ada: known false alarm");
        assertThat(kit.skip(0, "gate", "again")).contains("skipped already");
    }

    @Test
    void a_single_trial_and_a_single_stage_can_be_run_by_hand() {
        kit.with(passing("one"), passing("two")).submit(0, 1).discover();
        assertThat(kit.pipeline().executeStage(key(0), "one").status()).isEqualTo(StageStatus.PASSED);
        assertThat(kit.pipeline().executeStage(key(0), "one").attempts())
                .as("a verdict is final")
                .isEqualTo(1);
        assertThat(kit.pipeline().processTrial(key(0)).status()).isEqualTo(TrialStatus.COMPLETED);
        assertThat(kit.trial(1)).isPending();
    }

    @Test
    void a_disabled_stage_has_no_row() {
        kit.with(passing("one")).with(passing("off"), disabled());
        kit.submit(0).discover();
        kit.runDue();
        assertThat(kit.trial(0)).isCompleted();
        assertThat(kit.trial(0).stages())
                .extracting(stage -> stage.row().name())
                .containsExactly("one");
    }

    @Test
    void a_stage_that_is_disabled_while_trials_wait_for_it_is_passed_over() {
        kit.with(passing("one"), passing("two")).submit(0, 1).discover();
        kit.pipeline().executeStage(key(0), "one");
        kit.with(passing("one"), disabled()).restart();
        kit.runDue();
        assertThat(kit.stage(1, "one")).isSkipped().becauseOf("disabled in the configuration");
        assertThat(kit.trial(0)).isCompleted();
        assertThat(kit.trial(1)).isCompleted();
    }

    @Test
    void what_a_runner_has_in_hand_it_does_not_take_from_itself_whatever_the_clock_says() throws Exception {
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        Stage slow = Stage.of("slow", context -> {
            calls.incrementAndGet();
            entered.countDown();
            release.await();
            return StageOutcome.passed("in its own time");
        });
        kit.with(slow).submit(0).discover();
        Executor executor = executor(slow);
        executor.tick();
        entered.await();
        kit.clock().set(ManualClock.START.plus(Duration.ofDays(1)));
        executor.tick();
        assertThat(kit.stage(0, "slow")).hasCrashes(0);
        handedIn(executor, release);
        assertThat(kit.stage(0, "slow")).becauseOf("in its own time");
        assertThat(calls).hasValue(1);
    }
}
