package io.pipelinev2.core;

import io.pipelinev2.core.deployment.Deployer;
import io.pipelinev2.core.discovery.Discovery;
import io.pipelinev2.core.execution.Executor;
import io.pipelinev2.core.execution.Operations;
import io.pipelinev2.core.execution.RunnerIdentity;
import io.pipelinev2.core.execution.RunnerLiveness;
import io.pipelinev2.core.execution.RunnerSettings;
import io.pipelinev2.core.execution.StageBreaker;
import io.pipelinev2.core.execution.StagePlan;
import io.pipelinev2.core.execution.TrialNotFoundException;
import io.pipelinev2.core.logging.CoreLogCode;
import io.pipelinev2.core.monitoring.Operator;
import io.pipelinev2.core.monitoring.PipelineRecords;
import io.pipelinev2.core.monitoring.PipelineStatus;
import io.pipelinev2.core.monitoring.internal.Monitor;
import io.pipelinev2.core.stage.Stage;
import io.pipelinev2.core.stage.StageRun;
import io.pipelinev2.core.stage.StageSettings;
import io.pipelinev2.core.store.InMemoryPipelineStore;
import io.pipelinev2.core.store.PipelineStore;
import io.pipelinev2.core.trial.Trial;
import io.pipelinev2.core.trial.TrialKey;
import io.pipelinev2.core.trial.TrialSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The pipeline: trials come in, evidence is gathered on each, the best go out, and everything that happened can be read
 * from one store.
 *
 * <p>Its operations are level-triggered: each compares what should be with what is and acts on the difference, so any of
 * them may be called at any time, again, and after a crash. A pipeline is safe for use by several threads.
 *
 * <pre>{@code
 * try (Pipeline pipeline = Pipeline.builder()
 *         .source(source)
 *         .stage(Stage.of("backtest", context -> StageOutcome.passed("fine")))
 *         .build()) {
 *     pipeline.runOnce();
 *     System.out.println(pipeline.status());
 * }
 * }</pre>
 */
public final class Pipeline implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Pipeline.class);
    private static final int PRUNED_AT_A_TIME = 500;

    private final PipelineStore store;
    private final StagePlan plan;
    private final Discovery discovery;
    private final Executor executor;
    private final Operations operations;
    private final Monitor monitor;
    private final @Nullable Deployer deployer;
    private final Duration drainPatience;
    private final @Nullable Duration retention;
    private final Daemon daemon;
    private final Supplier<Optional<String>> hold;
    private final List<AutoCloseable> resources;
    private final ReentrantLock closing = new ReentrantLock();
    private boolean closed;

    private Pipeline(Builder builder) {
        this.store = builder.store != null ? builder.store : new InMemoryPipelineStore(builder.clock);
        this.plan = builder.plan();
        TrialSource source = builder.source;
        if (source == null) {
            throw new IllegalArgumentException("A pipeline needs a trial source: call source(...) on its builder.");
        }
        this.deployer = builder.deployer;
        this.discovery = new Discovery(source, store, plan);
        this.executor = new Executor(
                plan,
                store,
                source,
                new RunnerSettings(
                        builder.identity,
                        builder.liveness,
                        builder.breaker,
                        builder.workers,
                        builder.lease,
                        builder.cancelGrace,
                        builder.threads),
                builder.clock,
                builder.hold);
        this.hold = builder.hold;
        this.operations = new Operations(store);
        this.monitor = new Monitor(store, builder.healthInterval);
        this.drainPatience = builder.drainPatience;
        this.retention = builder.retention;
        this.resources = List.copyOf(builder.resources);
        this.daemon = new Daemon(this, builder.clock, builder.checkInterval, builder.healthInterval, builder.threads);
    }

    /** {@return a new builder; what it is not told has the default that its methods name} */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * Looks for finished trials that are not known yet and queues them.
     *
     * @return the new ones in the order in which they were queued; empty if there were none
     * @throws io.pipelinev2.core.trial.TrialSourceException if the source cannot be read; nothing was queued
     */
    public List<TrialKey> discoverTrials() {
        List<TrialKey> found = discovery.scan();
        executor.wake();
        return found;
    }

    /** As a daemon does it: new work is nothing to look for while none may be begun. */
    void discoverUnlessHeld() {
        Optional<String> reason = hold.get();
        if (reason.isPresent()) {
            throw new RefusedException(held(reason.get()));
        }
        discoverTrials();
    }

    private static String held(String reason) {
        return "Nothing new is begun: " + reason;
    }

    /**
     * Takes a trial through its stages on the calling thread, until it is decided or has to wait for its next attempt.
     *
     * @param key the trial
     * @return the trial as it then stands
     * @throws RefusedException if there is no such trial
     */
    public Trial processTrial(TrialKey key) {
        Trial trial = trial(key);
        while (true) {
            Optional<StageRun> due = store.read(tx -> tx.stages(trial.id())).stream()
                    .filter(stage -> stage.dueAt() != null && !stage.dueAt().isAfter(store.now()))
                    .filter(stage -> plan.executable().contains(stage.name()))
                    .findFirst();
            if (due.isEmpty() || !executor.attempt(trial, due.get().name())) {
                return trial(key);
            }
        }
    }

    /**
     * Makes one attempt of a stage whose turn it is, on the calling thread, even if it is waiting for a later time. Nothing is
     * done if it is not its turn, or another runner is at it.
     *
     * @param key the trial
     * @param stage the stage's name
     * @return the stage as it then stands, whether the attempt was made or not
     * @throws RefusedException if there is no such trial
     * @throws IllegalArgumentException if the trial has no such stage
     */
    public StageRun executeStage(TrialKey key, String stage) {
        Trial trial = trial(key);
        executor.attempt(trial, stage);
        return store.read(tx -> tx.stage(trial.id(), stage))
                .orElseThrow(() -> new IllegalArgumentException("Trial " + key + " has no stage '" + stage + "'."));
    }

    /**
     * Makes a stage due again, with all its attempts.
     *
     * @param key the trial
     * @param stage the stage, or null for the one that failed
     * @param by who asks for it
     * @return what was done, in words
     * @throws RefusedException if there is no such trial, or that is not possible as things stand
     */
    public String retryFailed(TrialKey key, @Nullable String stage, Operator by) {
        return carriedOut(operations.retry(key, stage, false, "", by));
    }

    /**
     * Leaves a stage of a trial out: the trial goes on as if it had passed.
     *
     * @param key the trial
     * @param stage the stage's name
     * @param reason why, in words
     * @param by who asks for it
     * @return what was done, in words
     * @throws RefusedException if there is no such trial, or that is not possible as things stand
     */
    public String skipStage(TrialKey key, String stage, String reason, Operator by) {
        return carriedOut(operations.skip(key, stage, reason, by));
    }

    /**
     * Begins no attempt on a trial until it is {@linkplain #unpark unparked}. What runs already goes on.
     *
     * @param key the trial
     * @param reason why, in words
     * @param by who asks for it
     * @return what was done, in words
     * @throws RefusedException if there is no such trial, or that is not possible as things stand
     */
    public String park(TrialKey key, String reason, Operator by) {
        return carriedOut(operations.park(key, reason, by));
    }

    /**
     * Lets a parked trial go on.
     *
     * @param key the trial
     * @param reason why, in words
     * @param by who asks for it
     * @return what was done, in words
     * @throws RefusedException if there is no such trial, or it is not parked
     */
    public String unpark(TrialKey key, String reason, Operator by) {
        return carriedOut(operations.unpark(key, reason, by));
    }

    /**
     * Ends a trial as failed, and what runs of it.
     *
     * @param key the trial
     * @param reason why, in words
     * @param by who asks for it
     * @return what was done, in words
     * @throws RefusedException if there is no such trial, or that is not possible as things stand
     */
    public String cancel(TrialKey key, String reason, Operator by) {
        return carriedOut(operations.cancel(key, reason, by));
    }

    /**
     * Begins no attempt of a stage, for whichever trial, until it is {@linkplain #unpause unpaused}. What runs already goes on.
     *
     * @param stage the stage's name, or null for all of them
     * @param reason why, in words
     * @param by who asks for it
     * @return what was done, in words
     * @throws RefusedException if that is not possible as things stand
     */
    public String pause(@Nullable String stage, String reason, Operator by) {
        return carriedOut(operations.pause(stage, reason, by));
    }

    /**
     * Lets a stage go on that was paused, or that the engine holds because it keeps failing.
     *
     * @param stage the stage's name, or null for what holds all of them
     * @param reason why, in words
     * @param by who asks for it
     * @return what was done, in words
     * @throws RefusedException if nothing holds it
     */
    public String unpause(@Nullable String stage, String reason, Operator by) {
        return carriedOut(operations.unpause(stage, reason, by));
    }

    /**
     * Ends the work of every daemon and worker on this pipeline's records, in whatever process: each claims nothing more and
     * finishes what it has begun. One that is started afterwards works as usual.
     *
     * @param reason why, in words
     * @param by who asks for it
     * @return what was done, in words
     */
    public String drain(String reason, Operator by) {
        return carriedOut(operations.drain(reason, by));
    }

    private String carriedOut(String done) {
        executor.wake();
        return done;
    }

    /**
     * Forgets history that is over and done with and older than the retention, in batches that keep no other writer waiting
     * for long; nothing if no retention was set.
     *
     * @return how many rows were forgotten
     */
    public int prune() {
        Duration age = retention;
        if (age == null) {
            return 0;
        }
        int all = 0;
        int batch;
        do {
            batch = store.write(tx -> tx.prune(store.now().minus(age), PRUNED_AT_A_TIME));
            all += batch;
        } while (batch > 0 && !executor.isClosed());
        return all;
    }

    /** {@return a snapshot of how the pipeline stands, read anew by each call} */
    public PipelineStatus status() {
        return monitor.status();
    }

    /**
     * Does everything that is due now on the calling thread, and what becomes due by it; then lets the deployer decide. It looks for
     * no new trials and waits for no retry.
     *
     * @return how many attempts were made
     */
    public int runDue() {
        int count = executor.runDue();
        if (deployer != null) {
            deployer.reconcile();
        }
        return count;
    }

    /**
     * Discovers and processes everything, scheduled retries included, deploys, and returns when nothing is left to do but
     * what is parked or held. Deployed processes live on.
     *
     * @throws InterruptedException if the thread is interrupted; what had been begun is given back
     */
    public void runOnce() throws InterruptedException {
        runOnce(() -> {});
    }

    /**
     * Like {@link #runOnce()}, telling of progress. Returns early if the pipeline is closed meanwhile.
     *
     * @param progress called after every step, on the calling thread
     * @throws InterruptedException if the thread is interrupted; what had been begun is given back
     * @throws PipelineException if the deployer could not do its part; everything else was done all the same
     * @throws RefusedException if nothing may be begun at present ({@link Builder#holdWhile})
     */
    public void runOnce(Runnable progress) throws InterruptedException {
        discoverUnlessHeld();
        // whoever asks for it to be done now may have mended what a stage failed for
        executor.probeNow();
        progress.run();
        while (!executor.isClosed()) {
            long seen = executor.changes();
            boolean idle = executor.tick();
            boolean settled = true;
            PipelineException trouble = null;
            try {
                settled = deployer == null || deployer.reconcile();
            } catch (PipelineException e) {
                // what one deployment, or the ranking, suffers from must not keep the other trials from their work
                trouble = e;
            }
            progress.run();
            if (idle && settled && !executor.hasWork()) {
                executor.holdStranded();
                if (trouble != null) {
                    throw trouble;
                }
                Optional<String> reason = hold.get();
                if (reason.isPresent() && executor.hasWorkHeld()) {
                    throw new RefusedException(held(reason.get()));
                }
                return;
            }
            executor.await(seen);
        }
    }

    /**
     * Runs as a daemon: discovers, processes, deploys and supervises until {@link #close} is called, an operator asks for a
     * drain, or the thread is interrupted. Deployed processes live on.
     */
    public void runDaemon() {
        runDaemon(() -> {});
    }

    /**
     * Like {@link #runDaemon()}, telling when it has begun.
     *
     * @param begun called once, on the calling thread, when all loops run; not at all if they cannot begin
     * @throws PipelineException if the store cannot be written to before they run
     */
    public void runDaemon(Runnable begun) {
        daemon.run(begun);
    }

    /**
     * Runs as a worker beside a daemon: only executes stages, until {@link #close} is called, an operator asks for a drain,
     * or the thread is interrupted.
     */
    public void runWorker() {
        daemon.runWorker();
    }

    /** Makes the daemon look at what was written to the store from elsewhere. */
    public void wake() {
        executor.wake();
        if (deployer != null) {
            deployer.wake();
        }
    }

    /** {@return what was recorded, for reading} It is not to be closed before the pipeline. */
    public PipelineRecords records() {
        return store;
    }

    Executor executor() {
        return executor;
    }

    List<String> stageNames() {
        return plan.enabledNames();
    }

    Monitor monitor() {
        return monitor;
    }

    @Nullable
    Deployer deployer() {
        return deployer;
    }

    private Trial trial(TrialKey key) {
        return store.read(tx -> tx.trial(key)).orElseThrow(() -> new TrialNotFoundException(key));
    }

    /**
     * Stops claiming work, lets what runs finish, gives back what does not in time, and lets go of deployed processes,
     * which live on; then closes what was {@linkplain Builder#closing handed to it} for that. Every caller returns only when all
     * that has been done, so that what the pipeline stands on may then be closed. The store is left open: whoever opened it
     * closes it.
     */
    @Override
    public void close() {
        daemon.stop();
        executor.stopClaiming();
        closing.lock();
        try {
            if (closed) {
                return;
            }
            closed = true;
            daemon.awaitEnd();
            executor.drain(drainPatience);
            if (deployer != null) {
                deployer.close();
            }
            resources.forEach(Pipeline::close);
            if (daemon.hasReported()) {
                daemon.reportTheEnd();
            }
        } finally {
            closing.unlock();
        }
    }

    private static void close(AutoCloseable resource) {
        try {
            resource.close();
        } catch (Exception e) {
            LOG.warn(CoreLogCode.NOT_CLOSED, "{} was closed with an error.", resource, e);
        }
    }

    /** Collects what a pipeline is made of. */
    public static final class Builder {

        private @Nullable PipelineStore store;
        private @Nullable TrialSource source;
        private @Nullable Deployer deployer;
        private final List<AutoCloseable> resources = new ArrayList<>();
        private final StagePlan.Builder stages = StagePlan.builder();
        private StageSettings deploySettings = StageSettings.DEFAULT.withMaxAttempts(1);
        private Clock clock = Clock.system();
        private RunnerIdentity identity = RunnerIdentity.fresh("localhost");
        private ThreadFactory threads = Thread::new;
        private RunnerLiveness liveness = RunnerLiveness.unknown();
        private StageBreaker breaker = StageBreaker.never();
        private Supplier<Optional<String>> hold = Optional::empty;
        private @Nullable String foreignDeployStage;
        private @Nullable Duration retention;
        private Duration cancelGrace = Duration.ofSeconds(5);
        private int workers = 2;
        private Duration lease = Duration.ofSeconds(60);
        private Duration checkInterval = Duration.ofMinutes(5);
        private Duration healthInterval = Duration.ofMinutes(1);
        private Duration drainPatience = Duration.ofSeconds(30);

        private Builder() {}

        /**
         * Where the truth is kept. Left out: in memory, for as long as the pipeline lives.
         *
         * @param value a store of pipeline-store, open; it stays the caller's, who closes it after the pipeline
         * @return this builder
         * @throws IllegalArgumentException if it is no store of this project
         */
        public Builder store(PipelineRecords value) {
            store = PipelineStore.of(value);
            return this;
        }

        /**
         * Where finished trials come from. Needed.
         *
         * @param value is called by several threads, and not closed
         * @return this builder
         */
        public Builder source(TrialSource value) {
            source = value;
            return this;
        }

        /**
         * Adds a stage after those added before, with {@link StageSettings#DEFAULT}.
         *
         * @param stage of a name that no other stage has; not closed ({@link #closing})
         * @return this builder
         * @throws IllegalArgumentException if another stage has its name, or it has none
         */
        public Builder stage(Stage stage) {
            return stage(stage, StageSettings.DEFAULT);
        }

        /**
         * Adds a stage after those added before.
         *
         * @param stage of a name that no other stage has; not closed ({@link #closing})
         * @param settings how it is treated
         * @return this builder
         * @throws IllegalArgumentException if another stage has its name, or it has none
         */
        public Builder stage(Stage stage, StageSettings settings) {
            stages.add(stage, settings);
            return this;
        }

        /**
         * Who settles the last stage. Left out: trials that pass their stages are completed.
         *
         * <p>For this project's own modules: the type is exported to them alone.
         *
         * @param value closed with the pipeline
         * @return this builder
         */
        @SuppressWarnings("exports")
        public Builder deployer(Deployer value) {
            return deployer(value, deploySettings);
        }

        /**
         * Who settles the last stage, which may be disabled.
         *
         * <p>For this project's own modules: the type is exported to them alone.
         *
         * @param value closed with the pipeline
         * @param settings how its stage is treated
         * @return this builder
         */
        @SuppressWarnings("exports")
        public Builder deployer(Deployer value, StageSettings settings) {
            deployer = value;
            deploySettings = settings;
            return this;
        }

        /**
         * The last stage, which another process settles: for a worker beside a daemon.
         *
         * @param stage its name there
         * @param settings as they are there
         * @return this builder
         */
        public Builder deployedElsewhere(String stage, StageSettings settings) {
            foreignDeployStage = stage;
            deploySettings = settings;
            return this;
        }

        /**
         * When a stage is held that fails for one trial after another: never if left out.
         *
         * <p>For this project's own modules: the type is exported to them alone.
         *
         * @param value counts the failures, and says how long the stage is left alone
         * @return this builder
         */
        @SuppressWarnings("exports")
        public Builder breaker(StageBreaker value) {
            breaker = value;
            return this;
        }

        /**
         * Keeps attempts from being begun, and new trials from being looked for, while there is a reason: never if left out. What
         * runs goes on. It goes on by itself when there is none any more.
         *
         * @param reason why, in words; empty if nothing speaks against it. Asked often, by several threads
         * @return this builder
         */
        public Builder holdWhile(Supplier<Optional<String>> reason) {
            hold = reason;
            return this;
        }

        /**
         * How long attempts, events and health reports of what is over are kept: for good if left out.
         *
         * @param value positive
         * @return this builder
         * @throws IllegalArgumentException if it is not
         */
        public Builder retention(Duration value) {
            retention = positive("retention", value);
            return this;
        }

        /**
         * How long an attempt that was asked to end may take until it is interrupted, and after that until it is abandoned: 5
         * seconds each if left out.
         *
         * @param value zero for at once
         * @return this builder
         */
        public Builder cancelGrace(Duration value) {
            cancelGrace = value;
            return this;
        }

        /**
         * The clocks; those of the machine if left out.
         *
         * @param value is read by several threads; a store has a clock of its own, which should be the same
         * @return this builder
         */
        public Builder clock(Clock value) {
            clock = value;
            return this;
        }

        /**
         * Who this pipeline is to others on the same store.
         *
         * <p>For this project's own modules: the type is exported to them alone.
         *
         * @param value unlike that of any other process, earlier ones included
         * @return this builder
         */
        @SuppressWarnings("exports")
        public Builder identity(RunnerIdentity value) {
            identity = value;
            return this;
        }

        /**
         * What is known of other runners' deaths; nothing if left out.
         *
         * <p>For this project's own modules: the type is exported to them alone.
         *
         * @param value is asked by several threads
         * @return this builder
         */
        @SuppressWarnings("exports")
        public Builder liveness(RunnerLiveness value) {
            liveness = value;
            return this;
        }

        /**
         * Makes the threads that the pipeline runs on: one for each loop of a daemon, which ends with it, and one for each attempt of a
         * stage, which may be interrupted and, if nothing else helps, abandoned; so none may be one of a pool. The pipeline names
         * them after what they do. Plain threads if left out.
         *
         * @param value gives a new thread, not started, at each call
         * @return this builder
         */
        public Builder threads(ThreadFactory value) {
            threads = value;
            return this;
        }

        /**
         * How many attempts run at a time: 2 if left out.
         *
         * @param value at least 1
         * @return this builder
         * @throws IllegalArgumentException if it is less
         */
        public Builder workers(int value) {
            if (value < 1) {
                throw new IllegalArgumentException("workers must be at least 1, was " + value);
            }
            workers = value;
            return this;
        }

        /**
         * How long a claim outlives the last sign of its runner: a minute if left out.
         *
         * @param value positive; long enough for a pause of the JVM or the database
         * @return this builder
         * @throws IllegalArgumentException if it is not positive
         */
        public Builder lease(Duration value) {
            lease = positive("lease", value);
            return this;
        }

        /**
         * How often a daemon looks for new trials: every 5 minutes if left out.
         *
         * @param value positive; the time between two looks
         * @return this builder
         * @throws IllegalArgumentException if it is not positive
         */
        public Builder checkInterval(Duration value) {
            checkInterval = positive("check interval", value);
            return this;
        }

        /**
         * How often a daemon reports its health: every minute if left out.
         *
         * @param value positive; after three times as long without a report it counts as down
         * @return this builder
         * @throws IllegalArgumentException if it is not positive
         */
        public Builder healthInterval(Duration value) {
            healthInterval = positive("health interval", value);
            return this;
        }

        /**
         * How long {@link Pipeline#close} waits for attempts to end: 30 seconds if left out.
         *
         * @param value zero for not at all
         * @return this builder
         */
        public Builder drainPatience(Duration value) {
            drainPatience = value;
            return this;
        }

        /**
         * What is closed with the pipeline, once its attempts have ended or were given back: what stages stand on. An attempt that
         * was given back may still be at work, and should end by it.
         *
         * @param value closed once, in the order in which it was added; an exception is logged, and keeps nothing else open
         * @return this builder
         */
        public Builder closing(AutoCloseable value) {
            resources.add(value);
            return this;
        }

        private static Duration positive(String what, Duration value) {
            if (value.isNegative() || value.isZero()) {
                throw new IllegalArgumentException("the " + what + " must be positive, was " + value);
            }
            return value;
        }

        private StagePlan plan() {
            if (deployer != null) {
                stages.deploy(deployer.stageName(), deploySettings);
            } else if (foreignDeployStage != null) {
                stages.deploy(foreignDeployStage, deploySettings);
            }
            return stages.build();
        }

        /**
         * {@return a pipeline, at rest: it does nothing before it is told to}
         *
         * @throws IllegalArgumentException if there is no trial source, or the last stage has the name of another
         * @throws PipelineException if the store cannot be read
         */
        public Pipeline build() {
            return new Pipeline(this);
        }
    }
}
