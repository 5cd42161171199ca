package io.pipelinev2.bench;

import java.util.Locale;

/**
 * How many trials a second both engines take through three stages, in turns, with the machine's own rate before, between
 * and after: only what was measured in the same minutes may be compared.
 */
final class Throughput implements Measure {

    @Override
    public String name() {
        return "throughput";
    }

    @Override
    public void run(Settings settings, Report report) throws Exception {
        int trials = settings.trials();
        int few = Math.max(1, trials / 8);
        PipelineRun.of(settings, few, Settings.WORKERS);
        TaskRun tasks = best(settings, few);
        Sample floor = new Sample();
        Sample ours = new Sample();
        Sample theirs = new Sample();
        Sample oursInCommits = new Sample();
        Sample theirsInCommits = new Sample();
        Sample writes = new Sample();
        Sample reads = new Sample();
        double before = CommitRate.now(settings);
        floor.add(before);
        for (int round = 0; round < settings.rounds(); round++) {
            PipelineRun run = PipelineRun.of(settings, trials, Settings.WORKERS);
            double between = CommitRate.now(settings);
            double rate = tasks.rate(settings, trials);
            double after = CommitRate.now(settings);
            ours.add(run.rate());
            writes.add(run.writes());
            reads.add(run.reads());
            theirs.add(rate);
            floor.add(between);
            floor.add(after);
            oursInCommits.add((before + between) / 2 / run.rate());
            theirsInCommits.add((between + after) / 2 / rate);
            before = after;
        }
        report.row(
                "the machine's own rate before, between and after: one-row updates, one connection",
                floor.asRate() + " commits/s");
        report.row(
                "this engine, %,d trials with three stages, %d workers".formatted(trials, Settings.WORKERS),
                ours.asRate() + " trials/s; " + Transactions.inWords(writes.median(), reads.median()) + " per trial");
        report.row(
                "db-scheduler, as many chains of three tasks, %d threads (%s)"
                        .formatted(Settings.WORKERS, tasks.inWords()),
                theirs.asRate()
                        + String.format(
                                Locale.ROOT,
                                " trials/s; %.2f write statements per trial",
                                tasks.writes(settings, few)));
        report.row(
                "time per trial, in commits that the machine made around the run",
                "this engine %s, db-scheduler %s".formatted(oursInCommits.asShare(), theirsInCommits.asShare()));
    }

    /** The best of its sensible configurations here and now. */
    private static TaskRun best(Settings settings, int trials) throws Exception {
        TaskRun best = TaskRun.SENSIBLE.get(0);
        double bestRate = 0;
        best.rate(settings, trials); // to warm up
        for (TaskRun candidate : TaskRun.SENSIBLE) {
            double rate = candidate.rate(settings, trials);
            System.err.printf(Locale.ROOT, "db-scheduler, %s: %,.0f trials/s%n", candidate.inWords(), rate);
            if (rate > bestRate) {
                best = candidate;
                bestRate = rate;
            }
        }
        return best;
    }
}
