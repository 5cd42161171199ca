package io.pipelinev2.bench;

import io.pipelinev2.core.Pipeline;
import io.pipelinev2.core.trial.InMemoryTrialSource;
import io.pipelinev2.core.trial.TrialStatus;
import io.pipelinev2.store.SqliteStore;

/**
 * Trials through this engine, from all discovered to all completed.
 *
 * @param rate trials per second
 * @param writes write transactions per trial, its discovery not counted
 * @param reads read transactions per trial
 */
record PipelineRun(double rate, double writes, double reads) {

    static PipelineRun of(Settings settings, int trials, int workers) throws Exception {
        InMemoryTrialSource source = NoOp.trials(trials);
        try (Scratch scratch = Scratch.in(settings);
                CountingStore store = new CountingStore(SqliteStore.open(scratch.file("pipeline.db")));
                Pipeline pipeline = NoOp.pipeline(store, source, workers)) {
            pipeline.discoverTrials();
            store.reset();
            long start = System.nanoTime();
            pipeline.runOnce();
            double seconds = (System.nanoTime() - start) / 1e9;
            PipelineRun run = new PipelineRun(
                    trials / seconds, (double) store.writes() / trials, (double) store.reads() / trials);
            long completed = pipeline.status().count(TrialStatus.COMPLETED);
            if (completed != trials) {
                throw new IllegalStateException("Only %d of %d trials are completed.".formatted(completed, trials));
            }
            return run;
        }
    }
}
