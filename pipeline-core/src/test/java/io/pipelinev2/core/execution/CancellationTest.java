package io.pipelinev2.core.execution;

import static io.pipelinev2.core.testkit.PipelineAssertions.assertThat;
import static io.pipelinev2.core.testkit.PipelineTestKit.OPERATOR;
import static io.pipelinev2.core.testkit.PipelineTestKit.key;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.pipelinev2.core.monitoring.EventType;
import io.pipelinev2.core.stage.Stage;
import io.pipelinev2.core.stage.StageContext;
import io.pipelinev2.core.stage.StageOutcome;
import io.pipelinev2.core.stage.StageSettings;
import io.pipelinev2.core.store.Attempt;
import io.pipelinev2.core.testkit.PipelineTestKit;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** How attempts end that have to: asked first, then interrupted, then left to themselves. */
@Timeout(60)
class CancellationTest {

    private static final Duration GRACE = Duration.ofSeconds(5);

    @RegisterExtension
    final PipelineTestKit kit = new PipelineTestKit();

    private final CountDownLatch entered = new CountDownLatch(1);
    private final CountDownLatch release = new CountDownLatch(1);
    private final AtomicInteger interrupts = new AtomicInteger();
    private final AtomicBoolean asked = new AtomicBoolean();

    @AfterEach
    void let_everything_end() {
        release.countDown();
    }

    private Executor executor(int workers, Stage stage) {
        kit.with(stage, StageSettings.DEFAULT).submit(0, 1).discover();
        return new Executor(
                StagePlan.builder().add(stage, StageSettings.DEFAULT).build(),
                kit.store(),
                kit.source(),
                new RunnerSettings(
                        RunnerIdentity.fresh("here"),
                        RunnerLiveness.unknown(),
                        StageBreaker.never(),
                        workers,
                        Duration.ofMinutes(10),
                        GRACE),
                kit.clock());
    }

    private static boolean isFirst(StageContext context) {
        return context.trial().key().number() == 0 && context.attempt() == 1;
    }

    /** Ends as soon as it is asked to. */
    private Stage cooperative() {
        return Stage.of("work", context -> {
            if (isFirst(context)) {
                entered.countDown();
                while (!context.isCancelled()) {
                    Thread.onSpinWait();
                }
                asked.set(true);
                throw new IllegalStateException("stopped half-way");
            }
            return StageOutcome.passed("fine");
        });
    }

    /** Ends when it is released, and at nothing else. */
    private Stage stubborn() {
        return Stage.of("work", context -> {
            if (isFirst(context)) {
                entered.countDown();
                boolean waiting = true;
                while (waiting) {
                    try {
                        release.await();
                        waiting = false;
                    } catch (InterruptedException e) {
                        interrupts.incrementAndGet();
                    }
                }
                return StageOutcome.passed("far too late");
            }
            return StageOutcome.passed("fine");
        });
    }

    @Test
    void a_stage_that_heeds_the_request_is_never_interrupted_and_counts_as_timed_out() throws Exception {
        Executor executor = executor(1, cooperative());
        executor.tick();
        entered.await();
        kit.advance(Duration.ofMinutes(1));
        long seen = executor.changes();
        executor.tick();
        while (executor.changes() == seen) {
            executor.await(seen);
        }
        executor.tick();

        assertThat(asked).isTrue();
        assertThat(kit.stage(0, "work"))
                .isPending()
                .hasError("Attempt 1 took longer than 60 s and was given up.")
                .hasAttempts(1)
                .isDueIn(Duration.ofSeconds(5));
        assertThat(kit.trial(0)).hasEvent(EventType.STAGE_TIMED_OUT).hasNoEvent(EventType.LATE_RESULT);
        executor.drain(Duration.ofSeconds(10));
    }

    @Test
    void a_stage_that_ignores_everything_loses_its_slot_to_another_trial() throws Exception {
        Executor executor = executor(1, stubborn());
        executor.tick();
        entered.await();
        assertThat(kit.stage(1, "work")).as("the only slot is taken").hasAttempts(0);

        kit.advance(Duration.ofMinutes(1));
        executor.tick();
        kit.advance(GRACE);
        executor.tick();
        await().until(() -> interrupts.get() == 1);
        assertThat(kit.stage(0, "work")).isRunning();
        kit.advance(GRACE);
        executor.tick();

        assertThat(kit.stage(0, "work")).isPending().hasError("Attempt 1 took longer than 60 s and was given up.");
        assertThat(kit.stage(0, "work").attempts().get(0).stackTrace())
                .as("where it stood")
                .contains("CancellationTest");
        await().until(() -> {
            executor.tick();
            return kit.stage(1, "work").outcomes().contains(Attempt.Outcome.PASSED);
        });

        kit.advance(Duration.ofSeconds(5));
        await().until(() -> {
            executor.tick();
            return kit.stage(0, "work").outcomes().contains(Attempt.Outcome.PASSED);
        });
        long seen = executor.changes();
        release.countDown();
        while (executor.changes() == seen) {
            executor.await(seen);
        }
        executor.tick();
        assertThat(kit.trial(0)).isCompleted().hasEvent(EventType.LATE_RESULT);
        assertThat(kit.stage(0, "work"))
                .becauseOf("fine")
                .hasOutcomes(Attempt.Outcome.TIMED_OUT, Attempt.Outcome.PASSED);
        assertThat(interrupts).hasValue(1);
        executor.drain(Duration.ofSeconds(10));
    }

    @Test
    void what_an_operator_cancels_is_asked_to_end_at_the_next_look() throws Exception {
        Executor executor = executor(1, cooperative());
        executor.tick();
        entered.await();
        new Operations(kit.store()).cancel(key(0), "no more", OPERATOR);
        long seen = executor.changes();
        executor.tick();
        while (executor.changes() == seen) {
            executor.await(seen);
        }
        executor.tick();
        assertThat(asked).isTrue();
        assertThat(kit.trial(0)).isFailed().becauseOf("cancelled by ada: no more");
        await().until(() -> {
            executor.tick();
            return kit.stage(1, "work").outcomes().contains(Attempt.Outcome.PASSED);
        });
        executor.drain(Duration.ofSeconds(10));
    }

    @Test
    void a_cancelled_stage_that_ignores_it_loses_its_slot_too() throws Exception {
        Executor executor = executor(1, stubborn());
        executor.tick();
        entered.await();
        new Operations(kit.store()).cancel(key(0), "no more", OPERATOR);
        executor.tick();
        kit.advance(GRACE);
        executor.tick();
        await().until(() -> interrupts.get() == 1);
        kit.advance(GRACE);
        await().until(() -> {
            executor.tick();
            return kit.stage(1, "work").outcomes().contains(Attempt.Outcome.PASSED);
        });
        assertThat(kit.stage(0, "work")).isFailed().hasOutcomes(Attempt.Outcome.CANCELLED);
        executor.drain(Duration.ofSeconds(10));
    }

    @Test
    void whatever_a_stage_throws_ends_its_attempt_and_frees_its_slot() {
        Executor executor = executor(1, Stage.of("work", context -> {
            if (isFirst(context)) {
                throw new InternalError("the JVM is unwell");
            }
            return StageOutcome.passed("fine");
        }));
        await().until(() -> {
            executor.tick();
            return kit.stage(1, "work").outcomes().contains(Attempt.Outcome.PASSED);
        });
        assertThat(kit.stage(0, "work"))
                .hasError("InternalError: the JVM is unwell")
                .hasOutcomes(Attempt.Outcome.ERROR);
        executor.drain(Duration.ofSeconds(10));
    }
}
