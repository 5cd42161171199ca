package io.pipelinev2.bench;

import io.pipelinev2.core.Pipeline;
import io.pipelinev2.core.trial.InMemoryTrialSource;
import io.pipelinev2.store.SqliteStore;
import java.util.List;
import java.util.Locale;

/** How many transactions a trial costs: alone, and in company. */
final class Transactions implements Measure {

    private static final int ALONE = 50;

    @Override
    public String name() {
        return "transactions";
    }

    @Override
    public void run(Settings settings, Report report) throws Exception {
        report.row(
                "transactions per trial, three stages, one trial at a time, its discovery included", alone(settings));
        for (int workers : List.of(1, 2, Settings.WORKERS)) {
            int trials = Math.max(1, settings.trials() / 10);
            PipelineRun run = PipelineRun.of(settings, trials, workers);
            report.row(
                    "the same, %,d trials discovered before, %d worker%s"
                            .formatted(trials, workers, workers == 1 ? "" : "s"),
                    inWords(run.writes(), run.reads()) + String.format(Locale.ROOT, " (%,.0f trials/s)", run.rate()));
        }
    }

    static String inWords(double writes, double reads) {
        return String.format(Locale.ROOT, "%.2f writes, %.2f reads", writes, reads);
    }

    /** Nothing else is due, so nothing can be shared with another trial. */
    private static String alone(Settings settings) throws Exception {
        InMemoryTrialSource source = new InMemoryTrialSource();
        try (Scratch scratch = Scratch.in(settings);
                CountingStore store = new CountingStore(SqliteStore.open(scratch.file("pipeline.db")));
                Pipeline pipeline = NoOp.pipeline(store, source, 1)) {
            for (int number = 0; number < ALONE; number++) {
                source.add(NoOp.STUDY, number, number);
                pipeline.runOnce();
            }
            return inWords((double) store.writes() / ALONE, (double) store.reads() / ALONE);
        }
    }
}
