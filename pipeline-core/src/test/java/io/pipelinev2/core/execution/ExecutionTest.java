package io.pipelinev2.core.execution;

import static io.pipelinev2.core.execution.Laboratory.OPERATOR;
import static io.pipelinev2.core.execution.Laboratory.key;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pipelinev2.core.Pipeline;
import io.pipelinev2.core.monitoring.Event;
import io.pipelinev2.core.monitoring.EventType;
import io.pipelinev2.core.stage.Attempt;
import io.pipelinev2.core.stage.PermanentStageException;
import io.pipelinev2.core.stage.Stage;
import io.pipelinev2.core.stage.StageContext;
import io.pipelinev2.core.stage.StageNotReadyException;
import io.pipelinev2.core.stage.StageOutcome;
import io.pipelinev2.core.stage.StageRun;
import io.pipelinev2.core.stage.StageStatus;
import io.pipelinev2.core.trial.TrialStatus;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class ExecutionTest {

    private final Laboratory lab = new Laboratory();
    private final AtomicInteger calls = new AtomicInteger();

    private static Stage passing(String name) {
        return Stage.of(name, context -> StageOutcome.passed("fine", Map.of("by", name)));
    }

    @Test
    void a_trial_that_passes_every_stage_is_completed() {
        Pipeline pipeline = lab.trials(0).pipeline(passing("one"), passing("two"));
        pipeline.discoverTrials();
        assertThat(lab.trial(0).status()).isEqualTo(TrialStatus.PENDING);
        assertThat(lab.stage(0, "two").dueAt()).isNull();

        assertThat(pipeline.runDue()).isEqualTo(2);

        assertThat(lab.trial(0).status()).isEqualTo(TrialStatus.COMPLETED);
        assertThat(lab.stage(0, "one").results()).containsEntry("by", "one");
        assertThat(lab.stage(0, "two").status()).isEqualTo(StageStatus.PASSED);
        assertThat(lab.attempts(0)).extracting(Attempt::outcome).containsOnly(Attempt.Outcome.PASSED);
        assertThat(lab.events(0))
                .extracting(Event::type)
                .containsExactly(
                        EventType.TRIAL_COMPLETED,
                        EventType.STAGE_PASSED,
                        EventType.STAGE_PASSED,
                        EventType.TRIAL_DISCOVERED);
    }

    @Test
    void a_verdict_against_a_trial_is_final_and_never_retried() {
        Pipeline pipeline = lab.trials(0)
                .pipeline(
                        Stage.of("gate", context -> {
                            calls.incrementAndGet();
                            return StageOutcome.rejected("Sharpe -1 is below 0", Map.of("sharpe", -1));
                        }),
                        passing("two"));
        pipeline.discoverTrials();
        pipeline.runDue();
        lab.clock.advance(Duration.ofDays(1));
        pipeline.runDue();

        assertThat(calls).hasValue(1);
        assertThat(lab.trial(0).status()).isEqualTo(TrialStatus.FAILED);
        assertThat(lab.trial(0).reason()).isEqualTo("gate: Sharpe -1 is below 0");
        assertThat(lab.stage(0, "gate").errorMessage()).isEqualTo("Sharpe -1 is below 0");
        assertThat(lab.stage(0, "gate").results()).containsEntry("sharpe", -1L);
        assertThat(lab.stage(0, "two").attempts()).isZero();
    }

    @Test
    void an_error_is_retried_after_the_configured_delays_until_the_attempts_are_used_up() {
        Pipeline pipeline = lab.trials(0).pipeline(Stage.of("flaky", context -> {
            throw new IOException("disk on fire, try " + context.attempt());
        }));
        pipeline.discoverTrials();
        List<Instant> due = new ArrayList<>();
        pipeline.runDue();
        due.add(lab.stage(0, "flaky").dueAt());
        assertThat(lab.trial(0).status()).isEqualTo(TrialStatus.PROCESSING);
        lab.clock.advance(Duration.ofSeconds(4));
        assertThat(pipeline.runDue()).as("not due yet").isZero();
        lab.clock.advance(Duration.ofSeconds(1));
        pipeline.runDue();
        due.add(lab.stage(0, "flaky").dueAt());
        lab.clock.advance(Duration.ofSeconds(30));
        pipeline.runDue();

        Instant start = Instant.parse("2026-01-29T21:30:00Z");
        assertThat(due).containsExactly(start.plusSeconds(5), start.plusSeconds(5 + 30));
        assertThat(lab.trial(0).status()).isEqualTo(TrialStatus.FAILED);
        assertThat(lab.trial(0).reason())
                .isEqualTo("flaky: 3 of 3 attempts failed, the last with: IOException: disk on fire, try 3");
        assertThat(lab.attempts(0))
                .extracting(Attempt::error)
                .containsExactly(
                        "IOException: disk on fire, try 1",
                        "IOException: disk on fire, try 2",
                        "IOException: disk on fire, try 3");
        assertThat(lab.attempts(0).get(0).stackTrace()).contains("ExecutionTest");
    }

    @Test
    void a_permanent_error_is_not_retried() {
        Pipeline pipeline = lab.trials(0).pipeline(Stage.of("load", context -> {
            calls.incrementAndGet();
            throw new PermanentStageException("no model: trial_0_1h does not exist");
        }));
        pipeline.discoverTrials();
        pipeline.runDue();
        lab.clock.advance(Duration.ofDays(1));
        pipeline.runDue();
        assertThat(calls).hasValue(1);
        assertThat(lab.trial(0).reason()).isEqualTo("load: no model: trial_0_1h does not exist");
    }

    @Test
    void waiting_for_something_uses_up_no_attempt_and_leaves_the_trial_pending_with_the_reason() {
        Pipeline pipeline = lab.trials(0).pipeline(Stage.of("load", context -> {
            if (calls.incrementAndGet() < 10) {
                throw new StageNotReadyException(
                        "its model has not arrived", context.now().plusSeconds(60));
            }
            return StageOutcome.passed("there");
        }));
        pipeline.discoverTrials();
        pipeline.runDue();
        assertThat(lab.trial(0).status()).isEqualTo(TrialStatus.PENDING);
        assertThat(lab.trial(0).heldReason()).isEqualTo("its model has not arrived");
        assertThat(lab.stage(0, "load").attempts()).isZero();
        for (int i = 0; i < 9; i++) {
            lab.clock.advance(Duration.ofSeconds(60));
            pipeline.runDue();
        }
        assertThat(lab.trial(0).status()).isEqualTo(TrialStatus.COMPLETED);
        assertThat(lab.trial(0).heldReason()).isNull();
        assertThat(lab.attempts(0)).hasSize(1);
    }

    @Test
    void one_trials_fault_never_stops_the_others() {
        Pipeline pipeline = lab.trials(0, 1, 2).pipeline(Stage.of("work", context -> {
            if (context.trial().key().number() == 1) {
                throw new StackOverflowError("deep");
            }
            return StageOutcome.passed("fine");
        }));
        pipeline.discoverTrials();
        pipeline.runDue();
        assertThat(lab.trial(0).status()).isEqualTo(TrialStatus.COMPLETED);
        assertThat(lab.trial(1).status()).isEqualTo(TrialStatus.PROCESSING);
        assertThat(lab.trial(2).status()).isEqualTo(TrialStatus.COMPLETED);
    }

    @Test
    void a_stage_may_say_that_it_does_not_apply() {
        Pipeline pipeline = lab.trials(0)
                .pipeline(Stage.of("stress", context -> StageOutcome.skipped("no scenarios")), passing("two"));
        pipeline.discoverTrials();
        pipeline.runDue();
        assertThat(lab.stage(0, "stress").status()).isEqualTo(StageStatus.SKIPPED);
        assertThat(lab.stage(0, "stress").reason()).isEqualTo("no scenarios");
        assertThat(lab.trial(0).status()).isEqualTo(TrialStatus.COMPLETED);
    }

    @Test
    void a_later_stage_sees_the_results_of_an_earlier_one() {
        Pipeline pipeline = lab.trials(0)
                .pipeline(
                        passing("one"),
                        Stage.of(
                                "two",
                                context -> StageOutcome.passed(
                                        "after " + context.resultsOf("one").get("by"))));
        pipeline.discoverTrials();
        pipeline.runDue();
        assertThat(lab.stage(0, "two").reason()).isEqualTo("after one");
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
        Pipeline pipeline = lab.trials(0).pipeline(stubborn);
        Executor executor = executor(stubborn);
        pipeline.discoverTrials();
        executor.tick();
        entered.await();
        lab.clock.advance(Duration.ofSeconds(59));
        executor.tick();
        assertThat(lab.stage(0, "stubborn").status()).isEqualTo(StageStatus.RUNNING);
        lab.clock.advance(Duration.ofSeconds(1));
        executor.tick();
        assertThat(its.get().isCancelled())
                .as("asked to end, not interrupted yet")
                .isTrue();
        assertThat(interrupted.getCount()).isEqualTo(1);
        lab.clock.advance(Laboratory.CANCEL_GRACE);
        executor.tick();
        interrupted.await();
        assertThat(lab.stage(0, "stubborn").status()).isEqualTo(StageStatus.RUNNING);
        lab.clock.advance(Laboratory.CANCEL_GRACE);
        executor.tick();

        assertThat(lab.stage(0, "stubborn").status()).isEqualTo(StageStatus.PENDING);
        assertThat(lab.stage(0, "stubborn").errorMessage())
                .isEqualTo("Attempt 1 took longer than 60 s and was given up.");
        assertThat(lab.attempts(0).get(0).outcome()).isEqualTo(Attempt.Outcome.TIMED_OUT);
        assertThat(lab.attempts(0).get(0).stackTrace()).contains("ExecutionTest");

        lab.clock.advance(Duration.ofSeconds(5));
        pipeline.runDue();
        assertThat(lab.stage(0, "stubborn").reason()).isEqualTo("second time");
        handedIn(executor, release);
        assertThat(lab.stage(0, "stubborn").reason()).isEqualTo("second time");
        assertThat(lab.events(0)).extracting(Event::type).contains(EventType.LATE_RESULT);
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
                StagePlan.builder().add(stage, Laboratory.settings(3)).build(),
                lab.store,
                lab.source,
                Laboratory.runner(Duration.ofMinutes(10)),
                lab.clock);
    }

    @Test
    void a_dead_runners_work_is_taken_over_after_its_lease_and_shown_as_a_crash() {
        Pipeline pipeline = lab.trials(0).pipeline(passing("work"));
        pipeline.discoverTrials();
        claimAndDie("work");

        assertThat(pipeline.runDue()).as("the lease still holds").isZero();
        lab.clock.advance(Duration.ofSeconds(60));
        assertThat(pipeline.runDue()).isEqualTo(1);

        assertThat(lab.trial(0).status()).isEqualTo(TrialStatus.COMPLETED);
        assertThat(lab.attempts(0))
                .extracting(Attempt::outcome)
                .containsExactly(Attempt.Outcome.CRASHED, Attempt.Outcome.PASSED);
        assertThat(lab.stage(0, "work").crashes()).isEqualTo(1);
        assertThat(lab.stage(0, "work").failures()).isEqualTo(1);
    }

    @Test
    void a_runner_known_to_be_dead_is_not_waited_for() {
        RunnerIdentity self = RunnerIdentity.fresh("here");
        Pipeline pipeline = lab.trials(0)
                .builder()
                .identity(self)
                .liveness(RunnerLiveness.sole(self))
                .stage(passing("work"))
                .build();
        pipeline.discoverTrials();
        claimAndDie("work");
        assertThat(pipeline.runDue()).isEqualTo(1);
        assertThat(lab.trial(0).status()).isEqualTo(TrialStatus.COMPLETED);
    }

    @Test
    void a_trial_that_keeps_killing_its_runner_is_parked_until_an_operator_retries_it() {
        Pipeline pipeline = lab.trials(0).pipeline(passing("work"));
        pipeline.discoverTrials();
        Pipeline watcher = lab.builder().build();
        for (int i = 0; i < 3; i++) {
            claimAndDie("work");
            watcher.runDue();
            lab.clock.advance(Duration.ofSeconds(60));
            watcher.runDue();
        }
        assertThat(pipeline.runDue()).isZero();
        assertThat(lab.trial(0).parked()).isTrue();
        assertThat(lab.trial(0).heldReason()).startsWith("parked: its runner died 3 times during work");

        pipeline.operations().unpark(key(0), "the disk was full", OPERATOR);
        pipeline.runDue();
        assertThat(lab.trial(0).status()).isEqualTo(TrialStatus.COMPLETED);
        assertThat(lab.trial(0).heldReason()).isNull();
    }

    private static StagePlan plan(String stage) {
        return StagePlan.builder().add(passing(stage), Laboratory.settings(3)).build();
    }

    private void claimAndDie(String stage) {
        Queue doomed = new Queue(lab.store, plan(stage), Laboratory.runner(Duration.ofSeconds(60)));
        assertThat(doomed.turn(List.of(), 1)).hasSize(1);
    }

    @Test
    void a_failed_trial_can_be_retried_with_all_its_attempts() {
        Pipeline pipeline = lab.trials(0).pipeline(Stage.of("work", context -> {
            if (calls.incrementAndGet() <= 1) {
                throw new PermanentStageException("no model");
            }
            return StageOutcome.passed("model is there now");
        }));
        pipeline.discoverTrials();
        pipeline.runDue();
        assertThat(lab.trial(0).status()).isEqualTo(TrialStatus.FAILED);
        assertThat(pipeline.retryFailed(key(0), null, OPERATOR)).isEqualTo("Stage work of trial s/0 is due again.");
        assertThat(pipeline.retryFailed(key(0), null, OPERATOR)).isEqualTo("Stage work of trial s/0 is due already.");
        pipeline.runDue();
        assertThat(lab.trial(0).status()).isEqualTo(TrialStatus.COMPLETED);
        assertThat(lab.attempts(0)).as("history is kept").hasSize(2);
        assertThat(lab.events(0))
                .filteredOn(event -> event.type() == EventType.OPERATOR_RETRY)
                .singleElement()
                .satisfies(event -> assertThat(event.actor()).isEqualTo("ada"));
    }

    @Test
    void retry_says_what_it_cannot_do() {
        Pipeline pipeline = lab.trials(0).pipeline(passing("one"), passing("two"));
        pipeline.discoverTrials();
        assertThatThrownBy(() -> pipeline.retryFailed(key(7), null, OPERATOR))
                .isInstanceOf(TrialNotFoundException.class)
                .hasMessageContaining("There is no trial s/7");
        assertThatThrownBy(() -> pipeline.retryFailed(key(0), "three", OPERATOR))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("has no stage 'three'; it has [one, two]");
        assertThatThrownBy(() -> pipeline.retryFailed(key(0), "two", OPERATOR))
                .hasMessageContaining("Stage one of trial s/0 comes before two and is pending");
    }

    @Test
    void skipping_a_failed_stage_lets_the_trial_go_on() {
        Pipeline pipeline =
                lab.trials(0).pipeline(Stage.of("gate", context -> StageOutcome.rejected("no")), passing("two"));
        pipeline.discoverTrials();
        pipeline.runDue();
        assertThatThrownBy(() -> pipeline.skipStage(key(0), "two", "why not", OPERATOR))
                .isInstanceOf(RefusedException.class)
                .hasMessageContaining("waiting for an earlier one");
        pipeline.skipStage(key(0), "gate", "known false alarm", OPERATOR);
        pipeline.runDue();
        assertThat(lab.trial(0).status()).isEqualTo(TrialStatus.COMPLETED);
        assertThat(lab.stage(0, "gate").reason()).isEqualTo("skipped by ada: known false alarm");
        assertThat(pipeline.skipStage(key(0), "gate", "again", OPERATOR)).contains("skipped already");
    }

    @Test
    void a_single_trial_and_a_single_stage_can_be_run_by_hand() {
        Pipeline pipeline = lab.trials(0, 1).pipeline(passing("one"), passing("two"));
        pipeline.discoverTrials();
        assertThat(pipeline.executeStage(key(0), "one").status()).isEqualTo(StageStatus.PASSED);
        assertThat(pipeline.executeStage(key(0), "one").attempts())
                .as("a verdict is final")
                .isEqualTo(1);
        assertThat(pipeline.processTrial(key(0)).status()).isEqualTo(TrialStatus.COMPLETED);
        assertThat(lab.trial(1).status()).isEqualTo(TrialStatus.PENDING);
    }

    @Test
    void a_disabled_stage_has_no_row() {
        Pipeline pipeline = lab.trials(0)
                .builder()
                .stage(passing("one"))
                .stage(passing("off"), Laboratory.settings(1).withEnabled(false))
                .build();
        pipeline.discoverTrials();
        pipeline.runDue();
        assertThat(lab.trial(0).status()).isEqualTo(TrialStatus.COMPLETED);
        List<StageRun> rows = lab.store.read(tx -> tx.stages(lab.trial(0).id()));
        assertThat(rows).extracting(StageRun::name).containsExactly("one");
    }

    @Test
    void a_stage_that_is_disabled_while_trials_wait_for_it_is_passed_over() {
        Pipeline before = lab.trials(0, 1).pipeline(passing("one"), passing("two"));
        before.discoverTrials();
        before.executeStage(key(0), "one");
        Pipeline after = lab.builder()
                .stage(passing("one"), Laboratory.settings(3).withEnabled(false))
                .stage(passing("two"), Laboratory.settings(3))
                .build();
        after.runDue();
        assertThat(lab.stage(1, "one").status()).isEqualTo(StageStatus.SKIPPED);
        assertThat(lab.stage(1, "one").reason()).isEqualTo("disabled in the configuration");
        assertThat(lab.trial(0).status()).isEqualTo(TrialStatus.COMPLETED);
        assertThat(lab.trial(1).status()).isEqualTo(TrialStatus.COMPLETED);
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
        Pipeline pipeline = lab.trials(0).pipeline(slow);
        Executor executor = executor(slow);
        pipeline.discoverTrials();
        executor.tick();
        entered.await();
        lab.clock.set(lab.clock.now().plus(Duration.ofDays(1)));
        executor.tick();
        assertThat(lab.stage(0, "slow").crashes()).isZero();
        handedIn(executor, release);
        assertThat(lab.stage(0, "slow").reason()).isEqualTo("in its own time");
        assertThat(calls).hasValue(1);
    }
}
