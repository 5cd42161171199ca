package io.pipelinev2.bench;

import io.pipelinev2.core.Pipeline;
import io.pipelinev2.core.stage.Stage;
import io.pipelinev2.core.stage.StageContext;
import io.pipelinev2.core.stage.StageNotReadyException;
import io.pipelinev2.core.stage.StageOutcome;
import io.pipelinev2.core.stage.StageSettings;
import io.pipelinev2.core.stage.StageSettings.RetryDelays;
import io.pipelinev2.core.store.PipelineStore;
import io.pipelinev2.core.store.StoreReader;
import io.pipelinev2.core.trial.InMemoryTrialSource;
import io.pipelinev2.core.trial.TrialStatus;
import io.pipelinev2.store.SqliteStore;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.CountDownLatch;

/**
 * One trial in each state that a trial can be in, made by the engine itself, whatever its tables are; the number of each
 * says which is which.
 */
enum Templates {
    COMPLETED,
    REJECTED,
    RETRIED,
    HELD,
    RUNNING,
    DUE;

    private static final Duration LONG = Duration.ofHours(6);

    /** A database with the six of them. */
    static void make(Path file) throws InterruptedException {
        CountDownLatch running = new CountDownLatch(1);
        InMemoryTrialSource source = new InMemoryTrialSource();
        try (PipelineStore store = SqliteStore.open(file)) {
            add(source, COMPLETED, REJECTED, RETRIED, HELD, RUNNING);
            // left running on purpose, as by a runner on another machine: never closed
            Pipeline pipeline = pipeline(store, source, running);
            Thread runner = new Thread(pipeline::runDaemon, "templates");
            runner.setDaemon(true);
            runner.start();
            running.await();
            settle(store);
            runner.interrupt();
            runner.join();
            add(source, DUE);
            pipeline.discoverTrials();
        }
    }

    /** Until all of them stand as they are meant to. */
    private static void settle(PipelineStore store) throws InterruptedException {
        while (!store.read(Templates::areSettled)) {
            Thread.sleep(20);
        }
    }

    private static boolean areSettled(StoreReader tx) {
        Map<TrialStatus, Long> counts = tx.countByStatus();
        boolean nextIsFar = tx.nextDue(NoOp.STAGES)
                .filter(due -> due.isAfter(Instant.now().plus(LONG.dividedBy(2))))
                .isPresent();
        return counts.containsKey(TrialStatus.COMPLETED)
                && counts.containsKey(TrialStatus.FAILED)
                && tx.running().size() == 1
                && nextIsFar;
    }

    private static void add(InMemoryTrialSource source, Templates... templates) {
        for (Templates template : templates) {
            source.add(NoOp.STUDY, template.ordinal(), template.ordinal());
        }
    }

    private static Pipeline pipeline(PipelineStore store, InMemoryTrialSource source, CountDownLatch running) {
        StageSettings patient = StageSettings.DEFAULT.withTimeout(LONG).withRetryDelays(RetryDelays.of(LONG));
        return Pipeline.builder()
                .store(store)
                .source(source)
                .lease(LONG)
                .stage(Stage.of(NoOp.STAGES.get(0), context -> first(context)), patient)
                .stage(Stage.of(NoOp.STAGES.get(1), context -> second(context, running)), patient)
                .stage(Stage.of(NoOp.STAGES.get(2), context -> StageOutcome.passed("passed")), patient)
                .build();
    }

    private static StageOutcome first(StageContext context) {
        if (of(context) == REJECTED) {
            return StageOutcome.rejected("not good enough");
        }
        return StageOutcome.passed("passed");
    }

    private static StageOutcome second(StageContext context, CountDownLatch running) throws InterruptedException {
        switch (of(context)) {
            case RETRIED -> throw new IllegalStateException("failed this time");
            case HELD ->
                throw new StageNotReadyException(
                        "its model has not arrived", context.now().plus(LONG));
            case RUNNING -> {
                running.countDown();
                new CountDownLatch(1).await();
            }
            default -> {}
        }
        return StageOutcome.passed("passed");
    }

    private static Templates of(StageContext context) {
        return values()[context.trial().key().number()];
    }
}
