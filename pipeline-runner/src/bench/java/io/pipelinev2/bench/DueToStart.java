package io.pipelinev2.bench;

import io.pipelinev2.core.Pipeline;
import io.pipelinev2.core.stage.Stage;
import io.pipelinev2.core.stage.StageContext;
import io.pipelinev2.core.stage.StageNotReadyException;
import io.pipelinev2.core.stage.StageOutcome;
import io.pipelinev2.core.store.PipelineStore;
import io.pipelinev2.core.store.StoreReader;
import io.pipelinev2.core.trial.InMemoryTrialSource;
import io.pipelinev2.store.SqliteStore;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadLocalRandom;

/**
 * How long a stage that has become due waits for an idle daemon to start it: after a discovery through the daemon's own
 * pipeline, when a wait has run out, and after a discovery through another store on the same file, of which only a poll
 * can tell.
 */
final class DueToStart implements Measure {

    private static final Duration REST = Duration.ofMillis(8);

    private static final Duration WAIT = Duration.ofMillis(25);
    private static final int POLL_MILLIS = 1000;

    private final BlockingQueue<Long> starts = new LinkedBlockingQueue<>();
    private final BlockingQueue<Double> delays = new LinkedBlockingQueue<>();

    @Override
    public String name() {
        return "latency";
    }

    @Override
    public void run(Settings settings, Report report) throws Exception {
        report.row(
                "from the commit of a discovery to the start of the stage, idle daemon, same pipeline",
                own(settings).asDelay());
        report.row(
                "from the end of a stage's wait to its start, idle daemon",
                waits(settings).asDelay());
        report.row(
                "from the commit of a discovery through another store on the same file to the start of the stage",
                foreign(settings).asDelay());
    }

    private Sample own(Settings settings) throws Exception {
        try (Scratch scratch = Scratch.in(settings);
                TimedStore store = new TimedStore(SqliteStore.open(scratch.file("pipeline.db")))) {
            InMemoryTrialSource source = new InMemoryTrialSource();
            try (RunningDaemon daemon = RunningDaemon.of(pipeline(store, source, this::noteStart))) {
                return discoveries(daemon.pipeline(), source, store, settings.latencies(), REST.toMillis());
            }
        }
    }

    private Sample foreign(Settings settings) throws Exception {
        try (Scratch scratch = Scratch.in(settings)) {
            Path file = scratch.file("pipeline.db");
            InMemoryTrialSource source = new InMemoryTrialSource();
            try (PipelineStore store = SqliteStore.open(file);
                    TimedStore other = new TimedStore(SqliteStore.open(file));
                    RunningDaemon daemon =
                            RunningDaemon.of(pipeline(store, new InMemoryTrialSource(), this::noteStart));
                    Pipeline writer = pipeline(other, source, this::noteStart)) {
                return discoveries(writer, source, other, settings.foreign(), POLL_MILLIS);
            }
        }
    }

    private Sample discoveries(
            Pipeline discovering, InMemoryTrialSource source, TimedStore store, int count, long maxRestMillis)
            throws InterruptedException {
        Sample sample = new Sample();
        for (int number = 0; number < count; number++) {
            rest(store, maxRestMillis);
            store.take();
            source.add(NoOp.STUDY, number, number);
            discovering.discoverTrials();
            List<TimedStore.Span> writes = store.take();
            sample.add(Math.max(0, starts.take() - writes.get(0).committed()) / 1e6);
        }
        return sample;
    }

    /** Until the daemon has written the end of the one before, and for a random while, so as not to fall into step. */
    private static void rest(PipelineStore store, long maxMillis) throws InterruptedException {
        while (!store.read(StoreReader::running).isEmpty()) {
            Thread.sleep(1);
        }
        Thread.sleep(REST.toMillis() + ThreadLocalRandom.current().nextLong(maxMillis));
    }

    private StageOutcome noteStart(StageContext context) {
        starts.add(System.nanoTime());
        return StageOutcome.passed("started");
    }

    private Sample waits(Settings settings) throws Exception {
        Instant[] until = {Instant.MAX};
        Stage.Work work = context -> {
            Instant now = Instant.now();
            if (until[0] == Instant.MAX) {
                // to the millisecond, as it is stored
                until[0] = Instant.ofEpochMilli(now.toEpochMilli()).plus(WAIT);
                throw new StageNotReadyException("waits a little", until[0]);
            }
            delays.add(Duration.between(until[0], now).toNanos() / 1e6);
            until[0] = Instant.MAX;
            return StageOutcome.passed("started");
        };
        Sample sample = new Sample();
        try (Scratch scratch = Scratch.in(settings);
                PipelineStore store = SqliteStore.open(scratch.file("pipeline.db"))) {
            InMemoryTrialSource source = new InMemoryTrialSource();
            try (RunningDaemon daemon = RunningDaemon.of(pipeline(store, source, work))) {
                for (int number = 0; number < settings.latencies(); number++) {
                    source.add(NoOp.STUDY, number, number);
                    daemon.pipeline().discoverTrials();
                    sample.add(delays.take());
                    rest(store, REST.toMillis());
                }
            }
        }
        return sample;
    }

    private static Pipeline pipeline(PipelineStore store, InMemoryTrialSource source, Stage.Work work) {
        return Pipeline.builder()
                .store(store)
                .source(source)
                .stage(Stage.of("only", work))
                .build();
    }
}
