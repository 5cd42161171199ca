package io.pipelinev2.bench;

import com.sun.management.OperatingSystemMXBean;
import io.pipelinev2.store.SqliteStore;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Locale;

/** What a daemon costs that supervises deployments to which nothing happens. */
final class IdleSupervision implements Measure {

    private static final int DEPLOYMENTS = 50;
    /** For the start, and until what is done once a second has been compiled. */
    private static final Duration SETTLING = Duration.ofSeconds(60);

    @Override
    public String name() {
        return "supervision";
    }

    @Override
    public void run(Settings settings, Report report) throws Exception {
        OperatingSystemMXBean process = ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
        try (Scratch scratch = Scratch.in(settings);
                CountingStore store = new CountingStore(SqliteStore.open(scratch.file("pipeline.db")));
                Deployed deployed =
                        new Deployed(store, scratch.directory().toAbsolutePath(), DEPLOYMENTS, "exec sleep 1000")) {
            Thread.sleep(SETTLING.toMillis());
            store.reset();
            long cpu = process.getProcessCpuTime();
            long start = System.nanoTime();
            Thread.sleep(Duration.ofSeconds(settings.idleSeconds()).toMillis());
            double used = process.getProcessCpuTime() - cpu;
            double elapsed = System.nanoTime() - start;
            report.row(
                    "daemon supervising %d deployments, nothing happens, over %d s, the whole process"
                            .formatted(DEPLOYMENTS, settings.idleSeconds()),
                    String.format(
                            Locale.ROOT,
                            "%.2f %% of one core; %d write transactions; %.1f read transactions a second",
                            100 * used / elapsed,
                            store.writes(),
                            store.reads() / (elapsed / 1e9)));
        }
    }
}
