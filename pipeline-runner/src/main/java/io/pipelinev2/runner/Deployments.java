package io.pipelinev2.runner;

import io.pipelinev2.core.Clock;
import io.pipelinev2.core.PipelineException;
import io.pipelinev2.core.deployment.Deployment;
import io.pipelinev2.core.deployment.DeploymentStatus;
import io.pipelinev2.core.deployment.ProcessRun;
import io.pipelinev2.core.deployment.Review;
import io.pipelinev2.core.store.PipelineStore;
import io.pipelinev2.core.store.StoreReader;
import io.pipelinev2.deploy.DeploySettings;
import io.pipelinev2.deploy.DeployStage;
import io.pipelinev2.deploy.DeploymentCommands;
import io.pipelinev2.deploy.HomeOrders;
import io.pipelinev2.deploy.papertrading.Control;
import io.pipelinev2.deploy.papertrading.Heartbeat;
import io.pipelinev2.deploy.papertrading.MarketSource;
import io.pipelinev2.deploy.supervision.CrashBudget;
import io.pipelinev2.deploy.supervision.DeploymentFiles;
import io.pipelinev2.deploy.supervision.LogLimits;
import io.pipelinev2.runner.config.DeployConfig;
import io.pipelinev2.runner.config.PipelineConfig;
import io.pipelinev2.runner.view.DeploymentsView;
import io.pipelinev2.runner.view.TraderReport;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** The deployments of a home: the stage that supervises them, and the commands an operator has. */
public final class Deployments {

    /** The stage's name in configuration and database. */
    public static final String STAGE = DeployStage.NAME;

    private static final Duration LOOK = Duration.ofMillis(50);
    private static final Duration SLACK = Duration.ofSeconds(30);

    private final PipelineConfig config;
    private final PipelineStore store;
    private final Supplier<Review> review;
    private final Supplier<Optional<String>> hold;

    /**
     * @param review looks at validated trials before they are chosen from
     * @param hold why no process may be started at present, in words; empty if one may
     */
    Deployments(PipelineConfig config, PipelineStore store, Supplier<Review> review, Supplier<Optional<String>> hold) {
        this.review = review;
        this.hold = hold;
        this.config = config;
        this.store = store;
    }

    /**
     * The stage that decides and supervises. Only one process of a home may let it act.
     *
     * @throws HomeLock.HomeUnavailableException if the home's state belongs to another database
     */
    public DeployStage stage() {
        StateBinding.check(config.state(), store);
        return DeployStage.builder(store, config.home())
                .settings(settings(config.deploy()))
                .selecting(config.stage(STAGE).enabled())
                .logs(config.logs().directory())
                .logLimits(new LogLimits(config.logs().maxFile(), config.logs().maxTotal()))
                .hungAfter(config.deploy().hungAfter())
                .secrets(secrets())
                .models(PipelineHome.archive(config))
                .data(new MarketSource(
                        config.data().directory(),
                        config.data().timeZone(),
                        config.data().assets()))
                .periodsPerYear(config.data().periodsPerYear())
                .feed(config.deploy().feed().settings())
                .risk(config.deploy().risk().limits())
                .drift(config.deploy().drift().settings())
                .proven(config.deploy().proven().settings())
                .rankPaperAfter(config.deploy().rankPaperAfter().orElse(null))
                .review(review.get())
                .holdWhile(hold)
                .build();
    }

    private Map<String, Path> secrets() {
        Map<String, Path> secrets = new HashMap<>();
        config.deploy()
                .secrets()
                .forEach((name, file) -> secrets.put(name, config.home().resolve(file)));
        return secrets;
    }

    private static DeploySettings settings(DeployConfig deploy) {
        return new DeploySettings(
                deploy.maxDeployed(),
                deploy.rankBy(),
                deploy.margin(),
                deploy.minTenure(),
                deploy.maxPerHour(),
                deploy.startSeconds(),
                deploy.stopGrace(),
                deploy.autoRestart(),
                deploy.restarts(),
                deploy.window(),
                deploy.pace(),
                deploy.command().orElse(null));
    }

    /** What an operator may want of deployments. */
    public DeploymentCommands commands() {
        return commands(store);
    }

    /** The same, written to this store. */
    DeploymentCommands commands(PipelineStore written) {
        return new DeploymentCommands(
                written,
                STAGE,
                config.deploy().maxDeployed(),
                config.deploy().command().isEmpty());
    }

    /** Which orders all traders of this home may give. */
    public HomeOrders orders() {
        return new HomeOrders(store, config.home());
    }

    /** How long a process may take to end after it was asked to. */
    public Duration stopGrace() {
        return config.deploy().stopGrace();
    }

    /** Whether a deployment's process has been told which orders it may give, or will be when it is started. */
    public boolean isTold(Deployment deployment) {
        if (deployment.status() != DeploymentStatus.RUNNING) {
            return true;
        }
        try {
            Control told = Control.read(files().stateDirectory(deployment.id()));
            return told.orders() == deployment.orders()
                    && told.flattens() == deployment.flattens()
                    && told.resumes() == deployment.resumes();
        } catch (PipelineException unreadable) {
            return false;
        }
    }

    /** What the store alone does not say about deployments. */
    public DeploymentsView.Sources sources() {
        DeployConfig deploy = config.deploy();
        CrashBudget budget = new CrashBudget(deploy.restarts(), deploy.window());
        return new DeploymentsView.Sources() {
            @Override
            public Optional<TraderReport> report(Deployment deployment) {
                return Deployments.this.report(deployment);
            }

            @Override
            public Optional<Integer> restartsLeft(Deployment deployment, List<ProcessRun> runs, Instant now) {
                boolean down = deployment.status() == DeploymentStatus.CRASHED;
                return deploy.autoRestart()
                        ? Optional.of(budget.left(runs, deployment.restarts() + (down ? 1 : 0), now))
                        : Optional.empty();
            }

            @Override
            public OptionalLong logBytes(Deployment deployment) {
                return deployment.logFile() == null
                        ? OptionalLong.empty()
                        : size(logOf(deployment, files().start(deployment.logFile())));
            }
        };
    }

    private static OptionalLong size(Path file) {
        try {
            return OptionalLong.of(Files.size(file));
        } catch (IOException e) {
            return OptionalLong.empty();
        }
    }

    /**
     * Waits until a deployment is as its commands want it, or can be so no more: by acting, while no other process
     * supervises the home, else by watching the one that does.
     *
     * @param done what is waited for
     * @return the deployment as it then stands, done or not
     * @throws InterruptedException if the thread is interrupted
     */
    public Deployment carryOut(Deployment deployment, Predicate<Deployment> done) throws InterruptedException {
        DeployStage stage = stage();
        await(
                () -> {
                    // taken for one step at a time: several commands may be carried out at once, and a daemon may begin
                    try (HomeLock lock =
                            HomeLock.tryTake(config.home(), HomeLock.COMMAND).orElse(null)) {
                        if (lock != null) {
                            stage.supervise(current(deployment));
                        }
                    }
                    Deployment now = current(deployment);
                    return done.test(now) || now.health().givenUp();
                },
                config.deploy().stopGrace().plus(config.deploy().startSeconds()).plus(SLACK));
        return current(deployment);
    }

    /**
     * Ends the processes of all deployments without giving them up: the next process that supervises the home starts them
     * again.
     *
     * @param lock the right to supervise this home
     * @param why in words
     * @return how many were ended
     * @throws InterruptedException if the thread is interrupted
     */
    public int standDown(HomeLock lock, String why) throws InterruptedException {
        if (!lock.isFor(config.home())) {
            throw new IllegalArgumentException("the lock is that of another home");
        }
        DeployStage stage = stage();
        int running = running();
        String reason = why + "; the next `run` or `once` starts it again";
        await(() -> stage.suspend(reason), config.deploy().stopGrace().plus(SLACK));
        return running - running();
    }

    private int running() {
        return (int) store.read(StoreReader::deployments).stream()
                .filter(deployment -> deployment.status() == DeploymentStatus.RUNNING)
                .count();
    }

    private Deployment current(Deployment deployment) {
        return store.read(tx -> tx.deployment(deployment.id())).orElse(deployment);
    }

    private static void await(BooleanSupplier step, Duration patience) throws InterruptedException {
        CountDownLatch never = new CountDownLatch(1);
        long start = Clock.system().nanoTime();
        boolean done = step.getAsBoolean();
        while (!done && Clock.system().nanoTime() - start < patience.toNanos()) {
            done = never.await(LOOK.toMillis(), TimeUnit.MILLISECONDS) || step.getAsBoolean();
        }
    }

    /**
     * Where a start of a deployment's process wrote to, or does.
     *
     * @param deployment one that was started before
     * @param start which start, from 1
     */
    public Path logOf(Deployment deployment, int start) {
        return files().log(Objects.requireNonNull(deployment.logFile(), "logFile"), start);
    }

    /** How often a deployment's process was started; the log of its latest start is that of this number. */
    public int starts(Deployment deployment) {
        Deployment now = current(deployment);
        return now.logFile() == null ? 0 : files().start(now.logFile());
    }

    private DeploymentFiles files() {
        return new DeploymentFiles(config.home(), config.logs().directory());
    }

    /** What a deployment's trader said of its paper account last, if it has said anything that can be read. */
    public Optional<TraderReport> report(Deployment deployment) {
        try {
            return Heartbeat.read(files().stateDirectory(deployment.id()))
                    .map(beat -> new TraderReport(
                            beat.equity(),
                            beat.cash(),
                            beat.lastBar(),
                            beat.trading(),
                            beat.tradingReason(),
                            beat.at()));
        } catch (PipelineException e) {
            return Optional.empty();
        }
    }
}
