package io.pipelinev2.deploy;

import io.pipelinev2.core.Clock;
import io.pipelinev2.core.PipelineException;
import io.pipelinev2.core.deployment.Deployer;
import io.pipelinev2.core.deployment.Deployment;
import io.pipelinev2.core.deployment.DesiredState;
import io.pipelinev2.core.deployment.Review;
import io.pipelinev2.core.stage.ModelArchive;
import io.pipelinev2.core.store.PipelineStore;
import io.pipelinev2.core.store.StaleStateException;
import io.pipelinev2.deploy.drift.DriftSettings;
import io.pipelinev2.deploy.drift.PaperReview;
import io.pipelinev2.deploy.drift.ProvenSettings;
import io.pipelinev2.deploy.launch.CommandTemplate;
import io.pipelinev2.deploy.launch.DirectLauncher;
import io.pipelinev2.deploy.launch.LaunchException;
import io.pipelinev2.deploy.launch.Launcher;
import io.pipelinev2.deploy.launch.ProcessTable;
import io.pipelinev2.deploy.launch.TraderCommand;
import io.pipelinev2.deploy.launch.TraderRuntime;
import io.pipelinev2.deploy.papertrading.MarketSource;
import io.pipelinev2.deploy.papertrading.RiskLimits;
import io.pipelinev2.deploy.papertrading.feed.FeedSettings;
import io.pipelinev2.deploy.record.Recording;
import io.pipelinev2.deploy.supervision.DeploymentFiles;
import io.pipelinev2.deploy.supervision.LogLimits;
import io.pipelinev2.deploy.supervision.SupervisionSettings;
import io.pipelinev2.deploy.supervision.Supervisor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.DoubleSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps the best validated trials trading on paper. Each pass first decides, by rank, who should trade, and then makes each
 * process what it should be. Processes outlive this object, and the next one takes them over.
 */
public final class DeployStage implements Deployer {

    /** The stage's name in configuration and database, unless told otherwise. */
    public static final String NAME = "deploy";

    private static final Logger LOG = LoggerFactory.getLogger(DeployStage.class);

    private final String stage;
    private final Selection selection;
    private final boolean selecting;
    private final Review review;
    private final Supervisor supervisor;
    private final TraderCommand trader;
    private final Recording recording;
    private final Object supervising = new Object();
    private final Semaphore bell = new Semaphore(0);
    private boolean reviewMissed;
    private boolean recordingFails;
    private boolean wasDecided;

    private DeployStage(Builder builder) {
        this.stage = builder.stage;
        this.selecting = builder.selecting;
        this.review = builder.review;
        this.selection = new Selection(
                builder.store,
                builder.clock,
                stage,
                builder.settings.contest().rankingPaperAfter(builder.rankPaperAfter),
                builder.settings.maxPerHour(),
                review.required());
        Path home = builder.home.toAbsolutePath().normalize();
        Path state = home.resolve("state");
        ModelArchive models = builder.models == null ? new ModelArchive(state.resolve("models")) : builder.models;
        this.trader = builder.trader == null ? TraderRuntime.ofThisProgram(state) : builder.trader;
        ProcessTable table = new ProcessTable();
        DeploymentFiles files = new DeploymentFiles(home, builder.logs == null ? home.resolve("logs") : builder.logs);
        this.recording = new Recording(
                builder.store,
                builder.clock,
                files::stateDirectory,
                new PaperReview(builder.store, builder.clock, builder.drift, builder.proven, builder.periodsPerYear));
        Launcher launcher = builder.launcher == null ? new DirectLauncher(table) : builder.launcher;
        launcher.onExit(this::wake);
        this.supervisor = new Supervisor(
                builder.store,
                builder.clock,
                builder.settings
                        .supervision()
                        .withHungAfter(builder.hungAfter)
                        .withLogs(builder.logLimits)
                        .withSecrets(builder.secrets)
                        .withHold(builder.hold),
                launcher,
                table,
                files,
                new TraderPreparation(
                        home,
                        models,
                        builder.data == null ? null : builder.data.within(home),
                        builder.environment,
                        builder.periodsPerYear,
                        builder.settings.pace(),
                        builder.feed,
                        builder.risk,
                        trader,
                        builder.settings.command() == null ? null : new CommandTemplate(builder.settings.command())),
                builder.host == null ? hostName() : builder.host,
                builder.random);
    }

    /**
     * Begins a deploy stage.
     *
     * @param home the pipeline's home, in which {@code state} and {@code logs} lie
     */
    public static Builder builder(PipelineStore store, Path home) {
        return new Builder(store, home);
    }

    @Override
    public String stageName() {
        return stage;
    }

    /**
     * {@inheritDoc}
     *
     * @throws PipelineException if trials cannot be reviewed, or ranked as configured, or a process cannot be looked at;
     *     whatever could be done was done
     */
    @Override
    public boolean reconcile() {
        boolean decided = false;
        @Nullable PipelineException trouble = null;
        try {
            decided = choose();
        } catch (PipelineException e) {
            trouble = e;
        }
        // What runs is looked after even while nobody can be chosen.
        boolean settled;
        try {
            settled = supervise();
        } catch (RuntimeException e) {
            if (trouble != null) {
                LOG.warn(
                        DeployLogCode.DEPLOYING_FAILED,
                        "Beside a deployment's trouble: {}",
                        trouble.getMessage(),
                        trouble);
            }
            throw e;
        }
        if (trouble != null) {
            throw trouble;
        }
        return decided && settled;
    }

    /**
     * {@inheritDoc}
     *
     * @throws PipelineException if trials cannot be reviewed, or ranked as configured
     */
    @Override
    public synchronized boolean choose() {
        try {
            return decide();
        } catch (StaleStateException e) {
            LOG.debug("Trials were changed while they were ranked; they are ranked again");
            return false;
        } catch (PipelineException e) {
            throw e;
        } catch (RuntimeException e) {
            throw new PipelineException("Choosing whom to deploy failed: " + e, e);
        }
    }

    /**
     * {@inheritDoc}
     *
     * @throws PipelineException if a process cannot be looked at; whatever could be done was done
     */
    @Override
    public boolean supervise() {
        synchronized (supervising) {
            long before = supervisor.writes();
            boolean settled = supervisor.superviseAll();
            if (supervisor.writes() != before) {
                // The next step follows at once.
                wake();
            }
            return settled;
        }
    }

    /**
     * Copies the trader's program now, and not when the first trader starts: a jar that is replaced under a daemon which only
     * adopted its traders does not reach their restarts. If the copy fails, the next start tries it again.
     */
    public void keepProgram() {
        try {
            trader.prepare();
        } catch (LaunchException e) {
            LOG.warn(DeployLogCode.PROGRAM_UNCOPIED, "{}", e.getMessage(), e);
        }
    }

    @Override
    public void await(Duration atMost) throws InterruptedException {
        long nanos = supervisor.idle(atMost).toNanos();
        if (bell.tryAcquire(nanos, TimeUnit.NANOSECONDS)) {
            bell.drainPermits();
        }
    }

    @Override
    public void wake() {
        bell.release();
    }

    /** @return whether nobody waits for a decision any more that could be made now */
    private boolean decide() {
        record();
        selection.retireDisqualified();
        boolean upToDate = false;
        @Nullable RuntimeException trouble = null;
        try {
            upToDate = review();
        } catch (StaleStateException e) {
            throw e;
        } catch (RuntimeException e) {
            trouble = e;
        }
        boolean mayDecide = upToDate || review.required().isEmpty();
        boolean decided = !selecting || (mayDecide && selection.decide());
        if (!decided || !wasDecided) {
            // There may be somebody to start or to stop.
            wake();
        }
        wasDecided = decided;
        if (trouble != null) {
            throw trouble;
        }
        return decided && upToDate;
    }

    /** What traders wrote down; whatever is wrong with it, trials are chosen all the same. */
    private void record() {
        try {
            recording.pass();
            recordingFails = false;
        } catch (RuntimeException e) {
            if (!recordingFails) {
                LOG.warn(
                        DeployLogCode.LEDGERS_UNIMPORTED,
                        "The ledgers cannot be brought into the database; this is tried again",
                        e);
            }
            recordingFails = true;
        }
    }

    /** @return whether the findings are in line with what the store holds */
    private boolean review() {
        boolean missed = reviewMissed;
        reviewMissed = true;
        Review.Outcome reviewed = review.review();
        reviewMissed = false;
        // a review that failed may have left findings before it did
        if (missed || reviewed != Review.Outcome.UNCHANGED) {
            selection.lookAgain();
        }
        return reviewed != Review.Outcome.POSTPONED;
    }

    /**
     * Does the next step for one deployment and decides nothing: for an operator's command that is carried out while no
     * daemon is up.
     *
     * @return whether it is as it should be
     */
    public boolean supervise(Deployment deployment) {
        synchronized (supervising) {
            return supervisor.supervise(deployment.id());
        }
    }

    /**
     * Does the next step towards no process running, and decides and starts nothing. The trials stay deployed: the next
     * {@link #reconcile} starts them again, each where it stopped. Between calls nobody may reconcile.
     *
     * @param reason why, in words
     * @return whether no process runs any more
     */
    public boolean suspend(String reason) {
        synchronized (supervising) {
            return supervisor.suspendAll(reason);
        }
    }

    /**
     * Whether a deployment counts as deployed: it is meant to run, whether or not it does at the moment.
     */
    static boolean isActive(Deployment deployment) {
        return deployment.desired() == DesiredState.RUNNING;
    }

    /** Lets go of the processes, which live on. */
    @Override
    public void close() {
        // Only their logs are looked after no longer: the children write to files, and whoever comes next finds them.
        supervisor.close();
    }

    private static String hostName() {
        try {
            return Files.readString(Path.of("/proc/sys/kernel/hostname")).trim();
        } catch (IOException e) {
            return "localhost";
        }
    }

    /** Collects what a deploy stage needs. */
    public static final class Builder {
        private final PipelineStore store;
        private final Path home;
        private String stage = NAME;
        private boolean selecting = true;
        private Review review = Review.none();
        private Clock clock = Clock.system();
        private DriftSettings drift = DriftSettings.DEFAULT;
        private ProvenSettings proven = ProvenSettings.DEFAULT;
        private @Nullable Duration rankPaperAfter;
        private DeploySettings settings = DeploySettings.DEFAULT;
        private @Nullable Path logs;
        private @Nullable MarketSource data;
        private @Nullable ModelArchive models;
        private @Nullable TraderCommand trader;
        private @Nullable Launcher launcher;
        private @Nullable String host;
        private Map<String, @Nullable Object> environment = Map.of();
        private double periodsPerYear = 8760;
        private FeedSettings feed = new FeedSettings.Replay();
        private RiskLimits risk = RiskLimits.OFF;
        private Duration hungAfter = SupervisionSettings.HUNG_AFTER;
        private LogLimits logLimits = LogLimits.DEFAULT;
        private Map<String, Path> secrets = Map.of();
        private Supplier<Optional<String>> hold = Optional::empty;
        private DoubleSupplier random = () -> ThreadLocalRandom.current().nextDouble();

        private Builder(PipelineStore store, Path home) {
            this.store = Objects.requireNonNull(store, "store");
            this.home = Objects.requireNonNull(home, "home");
        }

        /** The stage's name, {@value DeployStage#NAME} by default. */
        public Builder stageName(String value) {
            stage = value;
            return this;
        }

        /** Whether trials are chosen, too; else what is deployed already is looked after, and nothing more. */
        public Builder selecting(boolean value) {
            selecting = value;
            return this;
        }

        /** Who looks at validated trials before they are chosen from: nobody if left out. */
        public Builder review(Review value) {
            review = value;
            return this;
        }

        /** When paper results count as drifted from the backtest. */
        public Builder drift(DriftSettings value) {
            drift = value;
            return this;
        }

        /** What a paper record must show to count as proven. */
        public Builder proven(ProvenSettings value) {
            proven = value;
            return this;
        }

        /** After how long a deployed trial is ranked by its paper record; never if null. */
        public Builder rankPaperAfter(@Nullable Duration value) {
            rankPaperAfter = value;
            return this;
        }

        public Builder clock(Clock value) {
            clock = value;
            return this;
        }

        public Builder settings(DeploySettings value) {
            settings = value;
            return this;
        }

        /** The logs directory, {@code logs} in the home by default. */
        public Builder logs(Path value) {
            logs = value;
            return this;
        }

        /** The copies of validated models, {@code state/models} in the home by default. */
        public Builder models(ModelArchive value) {
            models = value;
            return this;
        }

        /** The market data that the bundled trader plays. */
        public Builder data(Path value) {
            return data(MarketSource.of(value));
        }

        /** The market data that the bundled trader plays, and what its files do not say. */
        public Builder data(MarketSource value) {
            data = value;
            return this;
        }

        /** The rules of the game, for trials whose validation did not record them. */
        public Builder environment(Map<String, ? extends @Nullable Object> value) {
            environment = new LinkedHashMap<>(value);
            return this;
        }

        /** Bars per year, for trials whose validation did not record them. */
        public Builder periodsPerYear(double value) {
            periodsPerYear = value;
            return this;
        }

        /** Where a bundled trader's bars come from, with paths that do not depend on a working directory; a replay by default. */
        public Builder feed(FeedSettings value) {
            feed = value;
            return this;
        }

        /** What stops a bundled trader by itself; nothing by default. */
        public Builder risk(RiskLimits value) {
            risk = value;
            return this;
        }

        /** How long a bundled trader's loop may make no progress before it is replaced. */
        public Builder hungAfter(Duration value) {
            hungAfter = value;
            return this;
        }

        /** How much room the processes' output may take. */
        public Builder logLimits(LogLimits value) {
            logLimits = value;
            return this;
        }

        /** Files whose content a process may know and nobody else, by the names that it finds copies of them under. */
        public Builder secrets(Map<String, Path> value) {
            secrets = Map.copyOf(value);
            return this;
        }

        /** Why no process may be started at present, in words; empty, as by default, if one may. What runs goes on. */
        public Builder holdWhile(Supplier<Optional<String>> reason) {
            hold = reason;
            return this;
        }

        /** How the bundled trader is started; by default from a copy of this program. */
        public Builder trader(TraderCommand value) {
            trader = value;
            return this;
        }

        /** How processes are started; by default as children that outlive this process. */
        public Builder launcher(Launcher value) {
            launcher = value;
            return this;
        }

        /** The name of this machine. */
        public Builder host(String value) {
            host = value;
            return this;
        }

        Builder random(DoubleSupplier value) {
            random = value;
            return this;
        }

        public DeployStage build() {
            return new DeployStage(this);
        }
    }
}
