package io.pipelinev2.core.testkit;

import static io.pipelinev2.core.testkit.PipelineAssertions.assertThat;
import static io.pipelinev2.core.testkit.PipelineAssertions.assertThatThrownBy;

import io.pipelinev2.core.deployment.Deployer;
import io.pipelinev2.core.monitoring.EventType;
import io.pipelinev2.core.stage.Stage;
import io.pipelinev2.core.stage.StageNotReadyException;
import io.pipelinev2.core.stage.StageOutcome;
import io.pipelinev2.core.stage.StageSettings;
import io.pipelinev2.core.store.Attempt.Outcome;
import io.pipelinev2.core.store.InMemoryPipelineStore;
import io.pipelinev2.core.store.PipelineStore;
import io.pipelinev2.core.store.StoreSamples;
import io.pipelinev2.core.store.Study;
import io.pipelinev2.core.trial.Trial;
import io.pipelinev2.core.trial.TrialStatus;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

class PipelineTestKitTest {

    @RegisterExtension
    final PipelineTestKit kit = new PipelineTestKit();

    private static Stage passing(String name) {
        return Stage.of(name, context -> StageOutcome.passed("fine", Map.of("by", name)));
    }

    private static Stage failing(String name) {
        return Stage.of(name, context -> {
            throw new IOException("disk on fire");
        });
    }

    @Test
    void nothing_happens_until_the_test_says_so() {
        kit.with(passing("one"), passing("two")).submit(42);
        assertThatThrownBy(() -> kit.trial(42)).hasMessage("There is no trial s/42; submit it, then discover.");
        assertThat(kit.discover()).containsExactly(PipelineTestKit.key(42));
        assertThat(kit.trial(42)).isPending().isNotHeld().hasEvents(EventType.TRIAL_DISCOVERED);
        assertThat(kit.stage(42, "one")).isPending().isDue().hasAttempts(0).hasOutcomes();
        assertThat(kit.stage(42, "two")).isPending().isNotDue();
        assertThat(kit.runDue()).isEqualTo(2);
        assertThat(kit.trial(42)).isCompleted().becauseOf("all stages passed");
        assertThat(kit.stage(42, "two")).isPassed().becauseOf("fine").hasResult("by", "two");
    }

    @Test
    void hours_of_backoff_pass_at_once() {
        kit.with(failing("backtest"), StageSettings.DEFAULT.withMaxAttempts(50));
        kit.submit(42).discover();
        kit.runDue();
        assertThat(kit.stage(42, "backtest")).isPending().isDueIn(Duration.ofSeconds(5));
        assertThat(kit.runUntilIdle()).isEqualTo(49);
        assertThat(kit.trial(42))
                .isFailed()
                .becauseOf("backtest: 50 of 50 attempts failed, the last with: IOException: disk on fire");
        assertThat(kit.clock().now()).isEqualTo(kit.trial(42).row().createdAt().plusSeconds(5 + 30 + 47 * 300));
    }

    @Test
    void a_runner_that_dies_leaves_its_claim_to_the_next() {
        kit.with(passing("one")).submit(42).discover();
        kit.crashDuring(42, "one");
        assertThat(kit.stage(42, "one")).isRunning().hasAttempts(1);
        assertThat(kit.runDue()).as("its lease still holds").isZero();
        assertThatThrownBy(() -> kit.crashDuring(42, "one")).hasMessageContaining("There is no attempt to begin");
        assertThat(kit.runUntilIdle()).isEqualTo(1);
        assertThat(kit.stage(42, "one")).isPassed().hasCrashes(1).hasOutcomes(Outcome.CRASHED, Outcome.PASSED);
        assertThat(kit.trial(42)).hasEvent(EventType.STAGE_CRASHED).hasNoEvent(EventType.STAGE_ERROR);
    }

    @Test
    void the_other_trials_go_on_with_the_next_runner() {
        kit.with(Stage.of("one", context -> {
            if (context.trial().key().number() == 1) {
                throw new RunnerDeath();
            }
            return StageOutcome.passed("fine");
        }));
        kit.submit(0, 1, 2).discover();
        assertThat(kit.runDue()).isEqualTo(3);
        assertThat(kit.trial(0)).isCompleted();
        assertThat(kit.stage(1, "one")).isRunning();
        assertThat(kit.trial(2)).isCompleted();
        kit.runUntilIdle();
        assertThat(kit.trial(1)).isProcessing().isHeldBecauseOf("parked");
    }

    @Test
    void what_is_never_ready_is_given_up_on_with_its_story() {
        kit.with(Stage.of("load", context -> {
            throw new StageNotReadyException("no model yet", context.now().plusSeconds(60));
        }));
        kit.submit(42).discover();
        assertThatThrownBy(kit::runUntilIdle)
                .isInstanceOf(AssertionError.class)
                .hasMessageContaining("After 10000 jumps of the clock")
                .hasMessageContaining("trial s/42 is pending, held: no model yet");
    }

    @Test
    void a_restart_takes_changes_of_the_stages_into_account() {
        kit.with(passing("one"), passing("two")).submit(0).discover();
        kit.with(passing("one"), StageSettings.DEFAULT.withEnabled(false)).restart();
        assertThat(kit.runUntilIdle()).isEqualTo(1);
        assertThat(kit.stage(0, "one")).isSkipped().becauseOf("disabled in the configuration");
    }

    @Test
    void an_operator_may_retry_and_skip() {
        AtomicInteger calls = new AtomicInteger();
        kit.with(Stage.of("gate", context -> StageOutcome.rejected("no, for the time " + calls.incrementAndGet())));
        kit.submit(0).discover();
        kit.runDue();
        assertThat(kit.stage(0, "gate")).isFailed().hasError("no, for the time 1");
        kit.retry(0);
        kit.runDue();
        kit.retry(0, "gate");
        kit.runDue();
        assertThat(kit.stage(0, "gate"))
                .hasAttempts(1)
                .hasOutcomes(Outcome.REJECTED, Outcome.REJECTED, Outcome.REJECTED);
        kit.skip(0, "gate", "known false alarm");
        assertThat(kit.trial(0)).isCompleted().hasEvent(EventType.OPERATOR_SKIP);
    }

    @Test
    void a_deployer_decides_when_all_that_is_due_is_done() {
        AtomicInteger passes = new AtomicInteger();
        kit.with(passing("one")).with(new Deployer() {
            @Override
            public String stageName() {
                return "deploy";
            }

            @Override
            public boolean reconcile() {
                passes.incrementAndGet();
                return true;
            }

            @Override
            public void close() {}
        });
        kit.submit(0).discover();
        kit.runUntilIdle();
        assertThat(passes).hasValue(1);
        assertThat(kit.stage(0, "deploy")).isPending().isDue();
    }

    @Test
    void a_store_of_ones_own_goes_by_the_kits_clock_and_is_closed_after_the_test() {
        AtomicInteger closed = new AtomicInteger();
        PipelineStore own = new ClockedStore(new InMemoryPipelineStore(), kit.clock()) {
            @Override
            public void close() {
                closed.incrementAndGet();
            }
        };
        try (PipelineTestKit other = PipelineTestKit.over(own)) {
            other.with(failing("work")).submit(1).discover();
            other.runUntilIdle();
            assertThat(other.trial(1)).isFailed();
            assertThat(own.read(tx -> tx.trial(PipelineTestKit.key(1))).map(Trial::status))
                    .contains(TrialStatus.FAILED);
        }
        assertThat(closed).hasValue(1);
    }

    @Test
    void a_test_that_leaves_an_impossible_state_fails_by_naming_it() {
        PipelineTestKit other = new PipelineTestKit();
        other.store().<Trial>write(tx -> {
            Study study = tx.insert(StoreSamples.study("s"));
            Trial trial = tx.insert(StoreSamples.trial(study, 1, TrialStatus.PROCESSING));
            tx.insert(StoreSamples.stage(trial, "work", 0, null));
            return trial;
        });
        assertThatThrownBy(() -> other.afterEach(null))
                .isInstanceOf(AssertionError.class)
                .hasMessageStartingWith(
                        "The store holds what can never be:\n- Trial s/1 (id 2) is processing: a trial that")
                .hasMessageEndingWith("stage work (id 3) is pending: nobody will ever move it.");
    }
}
