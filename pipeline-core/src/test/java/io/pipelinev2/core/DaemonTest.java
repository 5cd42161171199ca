package io.pipelinev2.core;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.pipelinev2.core.deployment.Deployer;
import io.pipelinev2.core.monitoring.HealthReport;
import io.pipelinev2.core.monitoring.HealthStatus;
import io.pipelinev2.core.stage.Stage;
import io.pipelinev2.core.stage.StageOutcome;
import io.pipelinev2.core.stage.StageSettings;
import io.pipelinev2.core.stage.StageSettings.RetryDelays;
import io.pipelinev2.core.stage.StageStatus;
import io.pipelinev2.core.store.InMemoryPipelineStore;
import io.pipelinev2.core.trial.InMemoryTrialSource;
import io.pipelinev2.core.trial.TrialKey;
import io.pipelinev2.core.trial.TrialStatus;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class DaemonTest {

    private final InMemoryPipelineStore store = new InMemoryPipelineStore();
    private final InMemoryTrialSource source = new InMemoryTrialSource();

    private Pipeline.Builder builder() {
        return Pipeline.builder().store(store).source(source).checkInterval(Duration.ofMillis(50));
    }

    private static Thread daemon(Pipeline pipeline) {
        Thread thread = new Thread(pipeline::runDaemon, "daemon-under-test");
        thread.start();
        return thread;
    }

    private TrialStatus status(int number) {
        return store.read(tx -> tx.trial(new TrialKey("s", number)))
                .map(trial -> trial.status())
                .orElse(TrialStatus.PENDING);
    }

    @Test
    void works_on_what_appears_reports_its_health_and_ends_when_closed() throws Exception {
        Pipeline pipeline = builder()
                .stage(Stage.of("work", context -> StageOutcome.passed("fine")))
                .build();
        assertThat(pipeline.status().pipeline()).isEqualTo(HealthStatus.DOWN);
        Thread daemon = daemon(pipeline);
        source.add("s", 0, 0.5);
        await().until(() -> status(0) == TrialStatus.COMPLETED);
        source.add("s", 1, 0.5);
        await().until(() -> status(1) == TrialStatus.COMPLETED);
        assertThat(pipeline.status().pipeline()).isEqualTo(HealthStatus.HEALTHY);
        assertThat(pipeline.status().lastCheck()).isNotNull();
        pipeline.close();
        daemon.join();
        assertThat(pipeline.status().pipeline()).isEqualTo(HealthStatus.DOWN);
    }

    @Test
    void a_failing_loop_is_degraded_and_goes_on() throws Exception {
        AtomicInteger passes = new AtomicInteger();
        Deployer failing = new Deployer() {
            @Override
            public String stageName() {
                return "deploy";
            }

            @Override
            public boolean reconcile() {
                passes.incrementAndGet();
                throw new IllegalStateException("no setsid on this machine");
            }

            @Override
            public void close() {}
        };
        Pipeline pipeline = builder()
                .stage(Stage.of("work", context -> StageOutcome.passed("fine")))
                .deployer(failing)
                .build();
        Thread daemon = daemon(pipeline);
        await().until(() -> passes.get() >= 2);
        assertThat(pipeline.status().pipeline()).isEqualTo(HealthStatus.DEGRADED);
        assertThat(pipeline.status().components())
                .filteredOn(report -> report.component().equals(HealthReport.DEPLOY))
                .singleElement()
                .satisfies(report -> assertThat(report.message()).isEqualTo("no setsid on this machine"));
        pipeline.close();
        daemon.join();
    }

    @Test
    void closing_gives_back_what_does_not_end_in_time_without_counting_it() throws Exception {
        CountDownLatch entered = new CountDownLatch(1);
        Pipeline pipeline = builder()
                .drainPatience(Duration.ZERO)
                .stage(Stage.of("slow", context -> {
                    entered.countDown();
                    new CountDownLatch(1).await();
                    return StageOutcome.passed("never");
                }))
                .build();
        source.add("s", 0, 0.5);
        Thread daemon = daemon(pipeline);
        entered.await();
        pipeline.close();
        daemon.join();
        assertThat(store.read(tx -> tx.stage(
                                tx.trial(new TrialKey("s", 0)).orElseThrow().id(), "slow"))
                        .orElseThrow())
                .satisfies(stage -> {
                    assertThat(stage.lease()).isNull();
                    assertThat(stage.attempts()).isZero();
                    assertThat(stage.dueAt()).isNotNull();
                });
    }

    @Test
    void once_waits_for_scheduled_retries_and_returns_when_nothing_is_left() throws Exception {
        source.add("s", 0, 0.5).add("s", 1, 0.6);
        Pipeline pipeline = builder()
                .stage(
                        Stage.of("flaky", context -> {
                            if (context.attempt() < 3) {
                                throw new IllegalStateException("not yet");
                            }
                            return StageOutcome.passed("third time lucky");
                        }),
                        StageSettings.DEFAULT.withRetryDelays(RetryDelays.of(Duration.ofMillis(20))))
                .build();
        pipeline.runOnce();
        assertThat(status(0)).isEqualTo(TrialStatus.COMPLETED);
        assertThat(status(1)).isEqualTo(TrialStatus.COMPLETED);
    }

    @Test
    void whoever_closes_waits_until_running_attempts_have_ended() throws Exception {
        CountDownLatch entered = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        Pipeline pipeline = builder()
                .drainPatience(Duration.ofSeconds(30))
                .stage(Stage.of("slow", context -> {
                    entered.countDown();
                    release.await();
                    return StageOutcome.passed("ended in peace");
                }))
                .build();
        source.add("s", 0, 0.5);
        Thread daemon = daemon(pipeline);
        entered.await();
        List<Thread> closers = List.of(new Thread(pipeline::close), new Thread(pipeline::close));
        closers.forEach(Thread::start);
        daemon.join();
        assertThat(closers).allMatch(Thread::isAlive);
        release.countDown();
        for (Thread closer : closers) {
            closer.join();
        }
        assertThat(status(0)).isEqualTo(TrialStatus.COMPLETED);
        assertThat(pipeline.status().pipeline()).isEqualTo(HealthStatus.DOWN);
    }

    @Test
    void once_returns_soon_when_the_pipeline_is_closed_meanwhile() throws Exception {
        CountDownLatch entered = new CountDownLatch(1);
        Pipeline pipeline = builder()
                .workers(1)
                .drainPatience(Duration.ZERO)
                .stage(Stage.of("slow", context -> {
                    entered.countDown();
                    new CountDownLatch(1).await();
                    return StageOutcome.passed("never");
                }))
                .build();
        source.add("s", 0, 0.5).add("s", 1, 0.5);
        Thread once = new Thread(() -> {
            try {
                pipeline.runOnce();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        once.start();
        entered.await();
        pipeline.close();
        once.join();
        assertThat(status(1)).isEqualTo(TrialStatus.PENDING);
    }

    @Test
    void trouble_with_deploying_does_not_keep_trials_from_their_work() throws Exception {
        AtomicInteger passes = new AtomicInteger();
        Deployer failing = new Deployer() {
            @Override
            public String stageName() {
                return "deploy";
            }

            @Override
            public boolean reconcile() {
                passes.incrementAndGet();
                throw new PipelineException("no backtest has the metric 'profit'");
            }

            @Override
            public void close() {}
        };
        source.add("s", 0, 0.5).add("s", 1, 0.5).add("s", 2, 0.5);
        Pipeline pipeline = builder()
                .stage(Stage.of("work", context -> StageOutcome.passed("fine")))
                .deployer(failing)
                .build();
        assertThatThrownBy(pipeline::runOnce).hasMessageContaining("profit");
        for (int number = 0; number < 3; number++) {
            int each = number;
            assertThat(store.<StageStatus>read(tx -> tx.stage(
                                    tx.trial(new TrialKey("s", each))
                                            .orElseThrow()
                                            .id(),
                                    "work")
                            .orElseThrow()
                            .status()))
                    .isEqualTo(StageStatus.PASSED);
        }
    }
}
