package io.pipelinev2.core.execution;

import static io.pipelinev2.core.testkit.PipelineAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.pipelinev2.core.stage.Stage;
import io.pipelinev2.core.stage.StageOutcome;
import io.pipelinev2.core.stage.StageRun.Lease;
import io.pipelinev2.core.stage.StageSettings;
import io.pipelinev2.core.store.Attempt;
import io.pipelinev2.core.testkit.PipelineTestKit;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The order of an orderly end: claim nothing more, finish with signs of life, give back, and only then fall silent. */
@Timeout(60)
class DrainTest {

    @RegisterExtension
    final PipelineTestKit kit = new PipelineTestKit();

    private final CountDownLatch entered = new CountDownLatch(1);
    private final CountDownLatch release = new CountDownLatch(1);
    private final Stage slow = Stage.of("slow", context -> {
        entered.countDown();
        release.await();
        return StageOutcome.passed("in its own time");
    });

    /** Signs of life come every 50 ms of real time, whatever the kit's clock shows. */
    private Executor executor() {
        return executor(StageBreaker.never());
    }

    private Executor executor(StageBreaker breaker) {
        kit.with(slow, StageSettings.DEFAULT).submit(0, 1).discover();
        return new Executor(
                StagePlan.builder().add(slow, StageSettings.DEFAULT).build(),
                kit.store(),
                kit.source(),
                new RunnerSettings(
                        RunnerIdentity.fresh("here"),
                        RunnerLiveness.unknown(),
                        breaker,
                        1,
                        Duration.ofMillis(150),
                        Duration.ofSeconds(5)),
                kit.clock());
    }

    private Instant leasedUntil() {
        return Objects.requireNonNull(kit.stage(0, "slow").row().lease()).until();
    }

    private void assertSignsOfLife() {
        Instant before = leasedUntil();
        kit.advance(Duration.ofMillis(10));
        await().until(() -> leasedUntil().isAfter(before));
    }

    @Test
    void leases_are_renewed_while_stages_and_loop_are_busy_and_to_the_end_of_a_drain() throws Exception {
        Executor executor = executor();
        executor.tick();
        entered.await();
        assertSignsOfLife();

        Thread draining = new Thread(() -> executor.drain(Duration.ofMinutes(1)));
        draining.start();
        await().until(executor::isClosed);
        assertSignsOfLife();
        assertSignsOfLife();
        assertThat(draining.isAlive()).isTrue();

        release.countDown();
        draining.join();
        assertThat(kit.stage(0, "slow")).isPassed().becauseOf("in its own time");
        assertThat(kit.stage(1, "slow")).as("nothing more was claimed").hasAttempts(0);
    }

    @Test
    void what_does_not_end_in_time_is_given_back_with_its_lease_and_due_at_once() throws Exception {
        Executor executor = executor();
        executor.tick();
        entered.await();
        executor.drain(Duration.ZERO);

        assertThat(kit.stage(0, "slow")).isPending().isDue().hasAttempts(0).hasOutcomes(Attempt.Outcome.CANCELLED);
        Lease lease = kit.stage(0, "slow").row().lease();
        assertThat(lease).isNull();
        release.countDown();
    }

    @Test
    void what_ends_in_the_nick_of_time_is_written_down() throws Exception {
        CountDownLatch verdict = new CountDownLatch(1);
        CountDownLatch handedIn = new CountDownLatch(1);
        Executor executor = executor(new StageBreaker() {
            @Override
            public boolean failed(String stage, long trialId) {
                return false;
            }

            /** Called when there is a verdict, and nobody else knows of it yet. */
            @Override
            public void succeeded(String stage) {
                verdict.countDown();
                try {
                    handedIn.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            }

            @Override
            public Duration pause(int probes) {
                return Duration.ZERO;
            }
        });
        executor.tick();
        release.countDown();
        verdict.await();

        Thread draining = new Thread(() -> executor.drain(Duration.ZERO));
        draining.start();
        await().until(
                        draining::getState,
                        state -> state == Thread.State.TIMED_WAITING || state == Thread.State.TERMINATED);
        handedIn.countDown();
        draining.join();

        assertThat(kit.stage(0, "slow")).isPassed().becauseOf("in its own time");
    }
}
