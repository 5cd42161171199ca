package io.pipelinev2.bench;

import io.pipelinev2.core.Pipeline;
import io.pipelinev2.core.trial.InMemoryTrialSource;
import io.pipelinev2.store.SqliteStore;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;

/** Whether the frequent questions stay cheap on a state of many trials: mostly finished ones, and a long queue. */
final class LargeState implements Measure {

    @Override
    public String name() {
        return "scale";
    }

    @Override
    public void run(Settings settings, Report report) throws Exception {
        measure(settings, report, "mostly finished", 80, 15);
        measure(settings, report, "long queue", 40, 50);
    }

    private static void measure(Settings settings, Report report, String kind, int percentFinished, int percentDue)
            throws Exception {
        try (Scratch scratch = Scratch.in(settings)) {
            Path file = scratch.file("pipeline.db");
            Map<Templates, Integer> copies = copies(settings.rows(), percentFinished, percentDue);
            Templates.make(file);
            long start = System.nanoTime();
            Multiplied.fill(file, copies);
            System.err.printf(
                    Locale.ROOT, "%s: filled in %.1f s, %s%n", kind, (System.nanoTime() - start) / 1e9, copies);
            try (TimedStore store = new TimedStore(SqliteStore.open(file));
                    Pipeline pipeline = NoOp.pipeline(store, new InMemoryTrialSource(), 1)) {
                check(pipeline, settings.rows());
                String where = ", %,d trials, %s (%,d due)".formatted(settings.rows(), kind, copies.get(Templates.DUE));
                int repeats = settings.repeats();
                report.row("`status()`" + where, Repeated.of(repeats, pipeline::status));
                report.row(
                        "when the next is due" + where,
                        Repeated.of(repeats, () -> store.read(tx -> tx.nextDue(NoOp.STAGES))));
                report.row(
                        "which are due, at most %d".formatted(Settings.WORKERS) + where,
                        Repeated.of(
                                repeats, () -> store.read(tx -> tx.due(NoOp.STAGES, store.now(), Settings.WORKERS))));
                report.row(
                        "a discovery pass that finds nothing" + where, Repeated.of(repeats, pipeline::discoverTrials));
                report.row("a transaction that claims 1" + where, new Claiming(store, 1).repeated(repeats));
                report.row(
                        "a transaction that claims %d".formatted(Settings.WORKERS) + where,
                        new Claiming(store, Settings.WORKERS).repeated(repeats));
            }
        }
    }

    private static Map<Templates, Integer> copies(int trials, int percentFinished, int percentDue) {
        Map<Templates, Integer> copies = new EnumMap<>(Templates.class);
        int finished = trials / 100 * percentFinished;
        int due = trials / 100 * percentDue;
        copies.put(Templates.REJECTED, finished / 10);
        copies.put(Templates.COMPLETED, finished - finished / 10);
        copies.put(Templates.DUE, due);
        copies.put(Templates.RUNNING, Settings.WORKERS);
        int rest = trials - finished - due - Settings.WORKERS;
        copies.put(Templates.RETRIED, rest / 2);
        copies.put(Templates.HELD, rest - rest / 2);
        return copies;
    }

    /** The store may keep books of its own beside the trials: then filling must learn to write them. */
    private static void check(Pipeline pipeline, int trials) {
        long counted = pipeline.status().trials().values().stream()
                .mapToLong(Long::longValue)
                .sum();
        if (counted != trials) {
            throw new IllegalStateException("The status counts %d of %d trials.".formatted(counted, trials));
        }
    }
}
