package io.pipelinev2.bench;

import com.sun.management.OperatingSystemMXBean;
import io.pipelinev2.core.trial.InMemoryTrialSource;
import io.pipelinev2.store.SqliteStore;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Locale;

/** What a daemon costs that has nothing to do. */
final class IdleDaemon implements Measure {

    /** For the start, and for what the measures before this one left to the compiler and the collector. */
    private static final Duration SETTLING = Duration.ofSeconds(3);

    @Override
    public String name() {
        return "idle";
    }

    @Override
    public void run(Settings settings, Report report) throws Exception {
        OperatingSystemMXBean process = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
        InMemoryTrialSource source = NoOp.trials(Settings.WORKERS);
        try (Scratch scratch = Scratch.in(settings);
                CountingStore store = new CountingStore(SqliteStore.open(scratch.file("pipeline.db")));
                RunningDaemon daemon = RunningDaemon.of(NoOp.pipeline(store, source, 2))) {
            Thread.sleep(SETTLING.toMillis());
            store.reset();
            long cpu = process.getProcessCpuTime();
            long start = System.nanoTime();
            Thread.sleep(Duration.ofSeconds(settings.idleSeconds()).toMillis());
            double used = process.getProcessCpuTime() - cpu;
            double elapsed = System.nanoTime() - start;
            report.row(
                    "idle daemon over %d s, the whole process".formatted(settings.idleSeconds()),
                    String.format(
                            Locale.ROOT,
                            "%.2f %% of one core; %d write transactions; %.1f read transactions a second",
                            100 * used / elapsed,
                            store.writes(),
                            store.reads() / (elapsed / 1e9)));
        }
    }
}
