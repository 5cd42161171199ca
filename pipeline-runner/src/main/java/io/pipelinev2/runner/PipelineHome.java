package io.pipelinev2.runner;

import io.pipelinev2.backtest.BacktestSettings;
import io.pipelinev2.backtest.BacktestStage;
import io.pipelinev2.backtest.ExternalBacktest;
import io.pipelinev2.backtest.ModelLocation;
import io.pipelinev2.backtest.SharedModels;
import io.pipelinev2.backtest.StudySize;
import io.pipelinev2.backtest.gate.CustomGates;
import io.pipelinev2.backtest.market.MarketDataSettings;
import io.pipelinev2.backtest.review.OverfitReview;
import io.pipelinev2.backtest.review.SealedReview;
import io.pipelinev2.core.Clock;
import io.pipelinev2.core.Pipeline;
import io.pipelinev2.core.RefusedException;
import io.pipelinev2.core.deployment.Review;
import io.pipelinev2.core.execution.Operations;
import io.pipelinev2.core.execution.RunnerIdentity;
import io.pipelinev2.core.execution.StageBreaker;
import io.pipelinev2.core.monitoring.internal.Monitor;
import io.pipelinev2.core.stage.ModelArchive;
import io.pipelinev2.core.stage.Stage;
import io.pipelinev2.core.stage.StageSettings;
import io.pipelinev2.core.store.PipelineStore;
import io.pipelinev2.core.store.Study;
import io.pipelinev2.core.trial.SourceStudy;
import io.pipelinev2.core.trial.Trial;
import io.pipelinev2.core.trial.TrialCounts;
import io.pipelinev2.core.trial.TrialKey;
import io.pipelinev2.core.trial.TrialSource;
import io.pipelinev2.deploy.DeployStage;
import io.pipelinev2.deploy.ranking.RankBy;
import io.pipelinev2.optuna.OptunaTrialSource;
import io.pipelinev2.runner.alerts.AlertCommands;
import io.pipelinev2.runner.alerts.AlertSettings;
import io.pipelinev2.runner.alerts.AlertTest;
import io.pipelinev2.runner.alerts.Alerting;
import io.pipelinev2.runner.config.BreakerConfig;
import io.pipelinev2.runner.config.ConfigException;
import io.pipelinev2.runner.config.DatabaseLocation;
import io.pipelinev2.runner.config.HttpConfig;
import io.pipelinev2.runner.config.OverfitConfig;
import io.pipelinev2.runner.config.PipelineConfig;
import io.pipelinev2.runner.config.SourceConfig;
import io.pipelinev2.runner.config.StageConfig;
import io.pipelinev2.runner.extension.AlertChannels;
import io.pipelinev2.runner.extension.BoundedRuns;
import io.pipelinev2.runner.extension.Extensions;
import io.pipelinev2.runner.extension.Plugins;
import io.pipelinev2.runner.extension.TrialSources;
import io.pipelinev2.runner.extension.UserGates;
import io.pipelinev2.runner.extension.UserStages;
import io.pipelinev2.runner.health.Checks;
import io.pipelinev2.runner.health.DiskGuard;
import io.pipelinev2.runner.health.HealthWatch;
import io.pipelinev2.runner.http.DashboardServer;
import io.pipelinev2.runner.http.DashboardSettings;
import io.pipelinev2.runner.resilience.FailureStreaks;
import io.pipelinev2.runner.resilience.ResilientStore;
import io.pipelinev2.runner.resilience.RetryIntervals;
import io.pipelinev2.store.DataSourceStore;
import io.pipelinev2.store.PostgresStore;
import io.pipelinev2.store.PostgresUpkeep;
import io.pipelinev2.store.SqliteStore;
import io.pipelinev2.store.SqliteUpkeep;
import io.pipelinev2.store.Upkeep;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ThreadFactory;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * A home, opened by its configuration: the store, and everything that is made from it. What another application needs to
 * use a configured pipeline step by step; {@link EmbeddedPipeline} runs one for it.
 *
 * <pre>{@code
 * PipelineConfig config = ConfigLoader.ofThisProcess().load(Path.of("pipeline.json"), null);
 * try (HomeLock lock = HomeLock.take(config.home(), "my application");
 *         PipelineHome home = PipelineHome.open(config);
 *         Pipeline pipeline = home.pipeline(lock)) {
 *     pipeline.runDaemon();
 * }
 * }</pre>
 */
public final class PipelineHome implements AutoCloseable {

    private final PipelineConfig config;
    private final PipelineStore store;
    private final Extensions extensions;
    private final List<RunnerLocks> runners = new CopyOnWriteArrayList<>();
    private final List<UserStages> userStages = new CopyOnWriteArrayList<>();
    private final DiskGuard disks;
    private @Nullable BacktestStage backtest;
    private @Nullable BoundedRuns runs;
    private @Nullable Plugins plugins;
    private @Nullable TrialSource source;
    private @Nullable UserGates gates;
    private @Nullable CommandRunner commands;

    private PipelineHome(PipelineConfig config, PipelineStore store, Extensions extensions) {
        this.config = config;
        this.store = store;
        this.extensions = extensions;
        this.disks = Checks.diskGuard(config, Clock.system());
    }

    /**
     * Opens the store that a configuration names, making it if it is new.
     *
     * @throws io.pipelinev2.core.store.StoreException if it cannot be opened
     * @throws io.pipelinev2.core.RefusedException if a restore of the home was begun and is not finished
     */
    public static PipelineHome open(PipelineConfig config) {
        return open(config, Extensions.none());
    }

    /**
     * Opens the store that a configuration names, making it if it is new.
     *
     * @param extensions what the host application brings; see {@link #pipeline} for when it is looked at
     * @throws io.pipelinev2.core.store.StoreException if it cannot be opened
     * @throws io.pipelinev2.core.RefusedException if a restore of the home was begun and is not finished
     */
    public static PipelineHome open(PipelineConfig config, Extensions extensions) {
        return open(config, extensions, null);
    }

    /** @param database takes the place of the database that the configuration names; null for that one */
    static PipelineHome open(PipelineConfig config, Extensions extensions, @Nullable DataSource database) {
        UnfinishedRestore.refuse(config.home());
        PipelineStore store = database == null ? configured(config.database()) : DataSourceStore.open(database);
        return new PipelineHome(config, new ResilientStore(store), extensions);
    }

    private static PipelineStore configured(DatabaseLocation location) {
        return location instanceof DatabaseLocation.SqliteFile file
                ? SqliteStore.open(file.path())
                : PostgresStore.open(((DatabaseLocation.PostgresUrl) location).url());
    }

    /** Looks after the database that a configuration names, without opening the home. */
    public static Upkeep upkeep(PipelineConfig config) {
        DatabaseLocation location = config.database();
        return location instanceof DatabaseLocation.SqliteFile file
                ? SqliteUpkeep.of(file.path())
                : PostgresUpkeep.of(((DatabaseLocation.PostgresUrl) location).url());
    }

    public PipelineConfig config() {
        return config;
    }

    public PipelineStore store() {
        return store;
    }

    /** Records how components are, and sums it up. */
    public Monitor monitor() {
        return new Monitor(store, config.daemon().healthCheckInterval());
    }

    /** What an operator may do to a trial's stages. */
    public Operations operations() {
        return new Operations(store);
    }

    /**
     * Repeats backtests that do not rest on what holds now.
     *
     * @throws RefusedException if a stage of the user's own replaces the backtest: what its results rest on, nobody knows
     */
    public Revalidation revalidation() {
        if (isReplaced(BacktestStage.NAME)) {
            throw new RefusedException(
                    "A stage of your own replaces the backtest (stages.backtest), so what its results"
                            + " rest on is not known. `retry STUDY/N backtest --from` does it again.");
        }
        return new Revalidation(store, backtest());
    }

    /** The one backtest stage of this home: whoever backtests shares the market data that it holds. */
    private synchronized BacktestStage backtest() {
        BacktestStage stage = backtest;
        if (stage == null) {
            stage = backtestStage(config, trial -> rivalOf(source(), trial), this::completeTrials)
                    .gatedBy(gates());
            backtest = stage;
        }
        return stage;
    }

    /** As discovery has counted them. */
    private OptionalLong completeTrials(Trial trial) {
        return store.read(tx -> tx.studies()).stream()
                .filter(study -> study.id() == trial.studyId())
                .map(Study::counts)
                .filter(Objects::nonNull)
                .mapToLong(TrialCounts::complete)
                .findFirst();
    }

    /** Looks at validated trials beside all others before they are chosen from. */
    Review review() {
        OverfitConfig overfit = config.backtest().overfit();
        Review luck = new OverfitReview(
                store, overfit.overfitMode(), overfit.rules(), config.data().periodsPerYear(), Clock.system());
        return isReplaced(BacktestStage.NAME)
                ? luck
                : Review.inOrder(List.of(luck, new SealedReview(store, backtest())));
    }

    /** What trials are ranked by. */
    public RankBy ranking() {
        return config.deploy().ranking();
    }

    /**
     * The trial source that the configuration names: Optuna's storage, or one of a plugin or the host application.
     *
     * @throws io.pipelinev2.core.trial.TrialSourceException if it is of a kind that cannot be read
     * @throws io.pipelinev2.runner.config.ConfigException if a plugin cannot be used
     */
    synchronized TrialSource source() {
        TrialSource opened = source;
        if (opened == null) {
            opened = source(config, extensions, this::plugins, this::commandRuns);
            source = opened;
        }
        return opened;
    }

    /**
     * Nobody waits for the trial source any more: a command that looks for trials is killed, and none is run again. For a process
     * that is about to end.
     */
    public synchronized void endSource() {
        if (source != null) {
            TrialSources.end(source);
        }
    }

    static TrialSource source(
            PipelineConfig config, Extensions extensions, Supplier<Plugins> plugins, Supplier<BoundedRuns> runs) {
        Optional<SourceConfig> own = config.source();
        return own.isPresent()
                ? TrialSources.open(own.get(), config, extensions, plugins, runs)
                : OptunaTrialSource.of(
                        config.optuna().storage(),
                        config.home(),
                        config.optuna().studies());
    }

    /** Gates of the user's own, which all backtests of this home share. */
    private synchronized CustomGates gates() {
        UserGates made = gates;
        if (made == null) {
            made = UserGates.of(config, extensions, this::plugins, this::commandRuns);
            gates = made;
        }
        return made.gates();
    }

    /** Where the commands of the trial source and of gates run. */
    private synchronized BoundedRuns commandRuns() {
        CommandRunner runner = commands;
        if (runner == null) {
            runner = CommandRunner.begin(config.state(), "commands of the home");
            commands = runner;
        }
        return runner.runs();
    }

    /** The backtest stage that a configuration describes, with its thresholds alone. */
    static BacktestStage backtestStage(PipelineConfig config, SharedModels sharing, StudySize studySize) {
        return new BacktestStage(
                new BacktestSettings(
                        new ModelLocation(config.home(), config.models().directory()),
                        config.models().grace(),
                        new MarketDataSettings(
                                config.data().directory(),
                                config.data().timeZone(),
                                config.data().assets(),
                                config.data().trainedUntil()),
                        config.data().periodsPerYear(),
                        config.environment().rules(),
                        config.backtest().gates().policy(),
                        config.data().sealed()),
                archive(config),
                sharing,
                studySize);
    }

    /** A stage of the user's own in place of the backtest, with the figures and the gates that the built-in one has. */
    static ExternalBacktest measured(PipelineConfig config, Stage stage, StudySize studySize, CustomGates customGates) {
        ExternalBacktest measured =
                ExternalBacktest.of(stage, config.data().periodsPerYear()).gatedBy(customGates);
        return config.backtest().gated()
                ? measured.gatedBy(config.backtest().gates().policy(), studySize)
                : measured;
    }

    static ModelArchive archive(PipelineConfig config) {
        return new ModelArchive(config.state().resolve("models"));
    }

    /**
     * The pipeline that the configuration describes, stages of plugins and of the host application included. Closing it lets
     * deployed processes live on.
     *
     * @param lock the right to supervise this home
     * @throws io.pipelinev2.runner.config.ConfigException if plugins or stages of the user's own cannot be used
     */
    public Pipeline pipeline(HomeLock lock) {
        return pipeline(lock, Thread::new);
    }

    /** @param threads as {@link Pipeline.Builder#threads} */
    Pipeline pipeline(HomeLock lock, ThreadFactory threads) {
        if (!lock.isFor(config.home())) {
            throw new IllegalArgumentException("the lock is that of another home");
        }
        return pipeline(lock.what(), threads, (builder, name) -> {
            DeployStage stage = deployments().stage();
            stage.keepProgram();
            // even a disabled one looks after what is deployed already
            builder.deployer(stage, settings(name));
        });
    }

    /**
     * A pipeline that works beside the one that supervises this home, in this process or another. It only executes stages
     * ({@link Pipeline#runWorker}).
     *
     * @throws io.pipelinev2.runner.config.ConfigException if plugins or stages of the user's own cannot be used
     */
    public Pipeline worker() {
        return pipeline("worker", Thread::new, (builder, name) -> builder.deployedElsewhere(name, settings(name)));
    }

    private Pipeline pipeline(String what, ThreadFactory threads, BiConsumer<Pipeline.Builder, String> deploying) {
        RunnerIdentity self = RunnerIdentity.fresh(CommandRunner.host());
        RunnerLocks locks = RunnerLocks.hold(config.state(), self, what);
        runners.add(locks);
        locks.sweep(store);
        BoundedRuns.sweep(config.state(), locks::isAlive);
        BoundedRuns commands = new BoundedRuns(config.state(), self.id(), locks::isAlive);
        runs = commands;
        UserStages users = users(commands);
        userStages.add(users);
        Pipeline.Builder builder = Pipeline.builder()
                .store(store)
                .source(source())
                .closing(users)
                .threads(threads)
                .identity(self)
                .liveness(locks)
                .breaker(breaker())
                .holdWhile(disks::refusal)
                .retention(config.retention())
                .workers(config.daemon().workers())
                .lease(config.daemon().lease())
                .cancelGrace(config.daemon().cancelGrace())
                .checkInterval(config.daemon().checkInterval())
                .healthInterval(config.daemon().healthCheckInterval());
        for (String name : stagesInOrder()) {
            Optional<Stage> user = users.stage(name);
            if (user.isPresent()) {
                builder.stage(name.equals(BacktestStage.NAME) ? measured(user.get()) : user.get(), settings(name));
            } else if (name.equals(BacktestStage.NAME)) {
                builder.stage(backtest(), settings(name));
            } else if (name.equals(Deployments.STAGE)) {
                deploying.accept(builder, name);
            }
        }
        return builder.build();
    }

    /** Stages and gates, so that all that is wrong with both is told at once. */
    private UserStages users(BoundedRuns runs) {
        Set<String> faults = new LinkedHashSet<>();
        UserStages users = null;
        try {
            users = UserStages.of(config, extensions, plugins(), runs);
        } catch (ConfigException e) {
            faults.addAll(e.faults());
        }
        try {
            gates();
        } catch (ConfigException e) {
            faults.addAll(e.faults());
        }
        if (users == null || !faults.isEmpty()) {
            if (users != null) {
                users.close();
            }
            throw new ConfigException(List.copyOf(faults));
        }
        return users;
    }

    private Stage measured(Stage stage) {
        ExternalBacktest measured = measured(config, stage, this::completeTrials, gates());
        return UserStages.judged(
                stage, (context, outcome) -> measured.judged(context, outcome).outcome());
    }

    /**
     * Looks after this home beside a daemon; not begun yet.
     *
     * @throws IllegalStateException if no pipeline was made of this home yet
     * @throws io.pipelinev2.runner.config.ConfigException if an alert channel cannot be used
     */
    public HomeWatch watch() {
        return watch(Thread::new);
    }

    /** @param threads as {@link Pipeline.Builder#threads} */
    HomeWatch watch(ThreadFactory threads) {
        BoundedRuns commands = runs;
        if (commands == null) {
            throw new IllegalStateException("A home is watched beside its pipeline: call pipeline(...) first.");
        }
        Clock clock = Clock.system();
        AlertChannels channels = AlertChannels.open(config, extensions, plugins(), commands, store, clock);
        AlertSettings settings = new AlertSettings(
                config.daemon().checkInterval(),
                config.daemon().healthCheckInterval(),
                config.deploy().risk().drawdown());
        return new HomeWatch(
                HealthWatch.of(config, store, this::source, disks::refusal, clock, threads),
                new Alerting(
                        store,
                        clock,
                        settings,
                        channels.channels(),
                        channels.pings(),
                        CommandRunner.host() + ":" + config.home(),
                        channels.closeables(),
                        threads));
    }

    /**
     * Tells every configured alert channel that this is a test, and asks for what is to be asked for while the pipeline is well.
     * Nothing of it is recorded.
     *
     * @return why each failed, in words without secrets, by the channel's name; empty text for those that did not
     * @throws io.pipelinev2.runner.config.ConfigException if an alert channel cannot be used
     */
    public Map<String, String> testAlerts() {
        RunnerIdentity self = RunnerIdentity.fresh(CommandRunner.host());
        RunnerLocks locks = RunnerLocks.hold(config.state(), self, "alerts test");
        runners.add(locks);
        try (BoundedRuns commands = new BoundedRuns(config.state(), self.id(), locks::isAlive)) {
            Clock clock = Clock.system();
            AlertChannels channels = AlertChannels.open(config, extensions, plugins(), commands, store, clock);
            return AlertTest.tell(
                    channels.channels(),
                    channels.pings(),
                    clock,
                    CommandRunner.host() + ":" + config.home(),
                    channels.closeables());
        }
    }

    /** What an operator may do to alerts. */
    public AlertCommands alerts() {
        return new AlertCommands(store);
    }

    private synchronized Plugins plugins() {
        Plugins loaded = plugins;
        if (loaded == null) {
            loaded = Plugins.load(config.home(), extensions);
            plugins = loaded;
        }
        return loaded;
    }

    private boolean isReplaced(String stage) {
        return config.userStages().containsKey(stage);
    }

    private StageBreaker breaker() {
        BreakerConfig breaker = config.breaker();
        return breaker.trials() == 0
                ? StageBreaker.never()
                : new FailureStreaks(breaker.trials(), breaker.pause(), breaker.maxPause());
    }

    /** What supervises this home at present and what works beside it, each in words; empty if nothing does. */
    public List<String> running() {
        List<String> running = new ArrayList<>(RunnerLocks.living(config.state()));
        if (running.isEmpty()) {
            HomeLock.heldBy(config.home()).ifPresent(running::add);
        }
        return running;
    }

    /** Whether a process supervises this home at present; workers do not. */
    public boolean isSupervised() {
        return HomeLock.heldBy(config.home()).isPresent();
    }

    /** The names of all stages that the configuration knows. */
    public Set<String> stages() {
        return config.stages().keySet();
    }

    /** Those of the configured order, and disabled ones that it leaves out: trials may still wait for them. */
    private List<String> stagesInOrder() {
        List<String> names = new ArrayList<>(config.order());
        List<String> all = new ArrayList<>(config.userStages().keySet());
        all.add(0, BacktestStage.NAME);
        for (String name : all) {
            if (!names.contains(name)) {
                names.add(0, name);
            }
        }
        if (!names.contains(Deployments.STAGE)) {
            names.add(Deployments.STAGE);
        }
        return names;
    }

    /** Another followed study's trial of the same number, by what discovery has recorded. */
    private Optional<TrialKey> rivalOf(TrialSource source, Trial trial) {
        List<Study> sharing = store.read(tx -> tx.studies().stream()
                .filter(study -> !study.name().equals(trial.source().study())
                        && study.storage().equals(source.storage())
                        && tx.study(source.storage(), study.name())
                                .filter(current -> current.id() == study.id())
                                .isPresent()
                        && tx.trial(new TrialKey(study.label(), trial.key().number()))
                                .isPresent())
                .toList());
        if (sharing.isEmpty()) {
            // asking the source may mean to run a command, and nearly always this is the answer
            return Optional.empty();
        }
        List<String> followed = source.studies().stream().map(SourceStudy::name).toList();
        return sharing.stream()
                .filter(study -> followed.contains(study.name()))
                .map(study -> new TrialKey(study.label(), trial.key().number()))
                .findFirst();
    }

    /** The deployments of this home. */
    public Deployments deployments() {
        return new Deployments(config, store, this::review, disks::refusal);
    }

    private StageSettings settings(String name) {
        return settings(config, name);
    }

    static StageSettings settings(PipelineConfig config, String name) {
        StageConfig stage = config.stage(name);
        return new StageSettings(
                stage.enabled(),
                stage.maxAttempts(),
                stage.timeout(),
                RetryIntervals.of(config.retryDelays(name), config.retryJitter(name)),
                stage.workers());
    }

    /**
     * The dashboard, not started yet.
     *
     * @param port where it is to listen; 0 for any free port
     */
    public DashboardServer server(int port) {
        HttpConfig http = config.http();
        return new DashboardServer(
                store,
                monitor(),
                new DashboardSettings(
                        http.host(),
                        port,
                        http.readOnly(),
                        ranking(),
                        config.tokenFile().orElse(null),
                        config.readTokenFile().orElse(null),
                        http.readsProtected(),
                        http.names()),
                deployments().sources(),
                new OperatorDesk(this));
    }

    @Override
    public void close() {
        closeCommands();
        // those of pipelines that nobody closed
        userStages.forEach(UserStages::close);
        runners.forEach(runner -> runner.keepIfNeeded(store));
        store.close();
        runners.forEach(RunnerLocks::close);
        closePlugins();
    }

    private synchronized void closeCommands() {
        if (commands != null) {
            commands.close();
        }
    }

    private synchronized void closePlugins() {
        if (gates != null) {
            gates.close();
        }
        if (source != null) {
            TrialSources.close(source);
        }
        if (plugins != null) {
            plugins.close();
        }
    }
}
