package io.pipelinev2.core.execution;

import static io.pipelinev2.core.testkit.PipelineAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.pipelinev2.core.stage.Stage;
import io.pipelinev2.core.stage.StageOutcome;
import io.pipelinev2.core.stage.StageSettings;
import io.pipelinev2.core.stage.StageStatus;
import io.pipelinev2.core.store.Attempt.Outcome;
import io.pipelinev2.core.store.PipelineStore;
import io.pipelinev2.core.store.StoreReader;
import io.pipelinev2.core.store.StoreWriter;
import io.pipelinev2.core.testkit.PipelineTestKit;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A loop that is kept busy, by results that never cease or by a slow store, still sees to everything in its time. */
@Timeout(60)
class BusyLoopTest {

    private static final int TRIALS = 50;

    @RegisterExtension
    final PipelineTestKit kit = new PipelineTestKit();

    /** How many verdicts are stored. */
    private volatile int stored;

    /** Each ends as soon as the one before it is stored, which is while that is still being waited for. */
    private final Stage brief = Stage.of("brief", context -> {
        await().until(() -> stored >= context.trial().key().number());
        return StageOutcome.passed("fine");
    });

    /** A store so slow that whenever something is stored, the next has ended. */
    private final class SlowStore implements PipelineStore {
        private int claimed;
        private Executor executor;

        @Override
        public <T> T read(Function<StoreReader, T> work) {
            return kit.store().read(work);
        }

        @Override
        public <T> T write(Function<StoreWriter, T> work) {
            int started = claimed;
            T result = kit.store().write(work);
            stored = read(tx -> (int) tx.stagesByTrial().values().stream()
                    .filter(stages -> stages.get(0).status() == StageStatus.PASSED)
                    .count());
            claimed = stored + read(tx -> tx.running().size());
            if (stored == 3) {
                new Operations(kit.store()).drain("", PipelineTestKit.OPERATOR);
                kit.advance(Duration.ofSeconds(1));
            }
            if (started > stored) {
                await().until(() -> executor.changes() > stored);
            }
            return result;
        }

        @Override
        public Instant now() {
            return kit.store().now();
        }

        @Override
        public void close() {
            // it is the kit's
        }
    }

    @Test
    void results_that_never_cease_keep_it_from_nothing_else() throws Exception {
        kit.with(brief, StageSettings.DEFAULT)
                .submit(IntStream.range(0, TRIALS).toArray())
                .discover();
        SlowStore store = new SlowStore();
        Executor executor = new Executor(
                StagePlan.builder().add(brief, StageSettings.DEFAULT).build(),
                store,
                kit.source(),
                new RunnerSettings(
                        RunnerIdentity.fresh("here"),
                        RunnerLiveness.unknown(),
                        StageBreaker.never(),
                        2,
                        Duration.ofMinutes(10),
                        Duration.ofSeconds(5)),
                kit.clock());
        store.executor = executor;

        boolean idle = false;
        while (!idle) {
            long seen = executor.changes();
            idle = executor.tick();
            if (!idle) {
                executor.await(seen);
            }
        }

        assertThat(executor.isDrainRequested()).isTrue();
        assertThat(stored).as("it was asked to drain after 3").isLessThan(10);
    }

    @Test
    void a_verdict_after_its_deadline_is_not_applied_although_nobody_came_to_ask_for_an_end() {
        Stage late = Stage.of("late", context -> {
            kit.advance(context.settings().timeout());
            return StageOutcome.passed("in its own time");
        });
        kit.with(late, StageSettings.DEFAULT.withMaxAttempts(1)).submit(0).discover();

        kit.runDue();

        assertThat(kit.stage(0, "late")).hasOutcomes(Outcome.TIMED_OUT);
        assertThat(kit.trial(0)).isFailed();
    }
}
