package io.pipelinev2.runner.chaos;

import io.pipelinev2.core.Pipeline;
import io.pipelinev2.core.execution.RunnerIdentity;
import io.pipelinev2.core.stage.StageSettings;
import io.pipelinev2.core.stage.StageSettings.RetryDelays;
import io.pipelinev2.core.store.PipelineStore;
import io.pipelinev2.core.trial.InMemoryTrialSource;
import io.pipelinev2.core.trial.TrialSource;
import io.pipelinev2.runner.HeldLocks;
import io.pipelinev2.runner.HomeLock;
import io.pipelinev2.runner.RunnerLocks;
import io.pipelinev2.runner.logging.Logging;
import io.pipelinev2.runner.logging.Verbosity;
import io.pipelinev2.runner.resilience.ResilientStore;
import io.pipelinev2.store.SqliteStore;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;

/**
 * A daemon, or a worker beside it, as a process to be killed. What it stands on is put together as a home does it; lease,
 * timeout and delays are short, so that much happens within seconds.
 */
final class RunnerMain {

    static final String DAEMON = "daemon";

    /** What it says once it can be asked to end. */
    static final String BEGUN = "begun";

    /** What it says last, if it has come to an orderly end. */
    static final String ENDED = "ended in order";

    static final Duration LEASE = Duration.ofSeconds(1);

    static final String STUDY = "chaos";

    /** Longer than anything may be frozen: a trial must fail for its own reasons alone. */
    private static final StageSettings SETTINGS = StageSettings.DEFAULT
            .withMaxAttempts(Fate.MAX_ATTEMPTS)
            .withTimeout(Duration.ofSeconds(5))
            .withRetryDelays(RetryDelays.of(Duration.ofMillis(20), Duration.ofMillis(60)));

    private RunnerMain() {}

    /**
     * @param arguments the role; the runner's identity; the directory that all share; the number of trials
     */
    public static void main(String[] arguments) throws IOException {
        Logging.toConsole(Verbosity.QUIET);
        String role = arguments[0];
        RunnerIdentity self = new RunnerIdentity(arguments[1], "here");
        Path directory = Path.of(arguments[2]);
        CountDownLatch done = new CountDownLatch(1);
        try (Effects effects = Effects.of(directory, self.id());
                HomeLock supervision = role.equals(DAEMON) ? HomeLock.take(directory, role) : null;
                PipelineStore store = new ResilientStore(SqliteStore.open(database(directory)));
                RunnerLocks locks = HeldLocks.hold(directory.resolve("state"), self, role, store)) {
            try (Pipeline pipeline = pipeline(self, locks, store, effects, trials(Integer.parseInt(arguments[3])))) {
                Runtime.getRuntime().addShutdownHook(new Thread(() -> end(pipeline, done)));
                System.out.println(BEGUN);
                if (supervision != null) {
                    pipeline.runDaemon();
                } else {
                    pipeline.runWorker();
                }
            }
            System.out.println(ENDED);
        } finally {
            done.countDown();
        }
    }

    static Path database(Path directory) {
        return directory.resolve("pipeline_v2.db");
    }

    private static TrialSource trials(int count) {
        InMemoryTrialSource trials = new InMemoryTrialSource();
        for (int number = 0; number < count; number++) {
            trials.add(STUDY, number, number);
        }
        return trials;
    }

    private static Pipeline pipeline(
            RunnerIdentity self, RunnerLocks locks, PipelineStore store, Effects effects, TrialSource trials) {
        Pipeline.Builder builder = Pipeline.builder()
                .store(store)
                .source(trials)
                .identity(self)
                .liveness(locks)
                .workers(4)
                .lease(LEASE)
                .cancelGrace(Duration.ofMillis(200))
                .checkInterval(Duration.ofMillis(500))
                .healthInterval(Duration.ofSeconds(1))
                // some have to be given back
                .drainPatience(Duration.ofMillis(25));
        Fate.STAGES.forEach(name -> builder.stage(new ScriptedStage(name, store, effects), SETTINGS));
        return builder.build();
    }

    /** Asks for the end, and holds the JVM until it has come. */
    private static void end(Pipeline pipeline, CountDownLatch done) {
        pipeline.close();
        try {
            done.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
