package io.pipelinev2.runner.cli;

import io.pipelinev2.core.Pipeline;
import io.pipelinev2.core.monitoring.PipelineStatus;
import io.pipelinev2.core.trial.TrialStatus;
import io.pipelinev2.runner.HomeLock;
import io.pipelinev2.runner.PipelineHome;
import io.pipelinev2.runner.config.ConfigLoader;
import io.pipelinev2.runner.config.PipelineConfig;
import io.pipelinev2.runner.demo.DemoHome;
import io.pipelinev2.runner.http.AddressUnavailableException;
import io.pipelinev2.runner.http.DashboardServer;
import io.pipelinev2.runner.logging.Verbosity;
import io.pipelinev2.runner.view.TrialsView;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

@Command(
        name = "demo",
        description =
                "The whole pipeline on a complete example: 28 finished trials come in, the top three trade on PAPER."
                        + " Run again, it goes on from where it was. Its home is --home DIR, by default ./pipeline-demo.")
final class DemoCommand extends HomeCommand {

    private static final long FOREVER_DAYS = 36_500;

    @Option(
            names = "--for",
            paramLabel = "DURATION",
            converter = DurationConverter.class,
            description = "How long to supervise and serve the dashboard, such as 90s or 10m. Default: 60s.")
    Duration time = Duration.ofSeconds(60);

    @Option(names = "--keep", description = "Until Ctrl+C instead.")
    boolean keep;

    @Option(names = "--no-daemon", description = "Return as soon as all is decided, and leave the traders running.")
    boolean noDaemon;

    /** A trial's fault is told with the trial, not in the middle of the progress. */
    @Override
    Verbosity quietly() {
        return Verbosity.QUIET;
    }

    @Override
    public Integer call() throws Exception {
        if (options.config != null) {
            throw new ParameterException(
                    spec.commandLine(), "demo has a configuration of its own; choose its place with --home DIR");
        }
        Path directory = options.home == null ? Path.of("pipeline-demo") : options.home;
        Path file = DemoHome.unpack(directory);
        PipelineConfig config = ConfigLoader.ofThisProcess().load(file, null);
        try (HomeLock lock = HomeLock.take(config.home(), "demo");
                PipelineHome home = open(config)) {
            decide(home, lock);
            out().print(TrialTable.of(TrialsView.of(home.store(), home.rankMetric()), home.rankMetric())
                    .format(Terminal.width()));
            next(home, file);
            if (!noDaemon) {
                serve(home, lock);
            }
            return ExitCode.OK;
        }
    }

    private void decide(PipelineHome home, HomeLock lock) throws InterruptedException {
        err().println("Discovering, backtesting and deploying in "
                + home.config().home());
        try (Pipeline pipeline = home.pipeline(lock);
                Shutdown shutdown = Shutdown.of(pipeline::close)) {
            Progress progress = new Progress(err(), Terminal.showsProgress());
            pipeline.runOnce(() -> progress.show(pipeline.status()));
            progress.end();
        }
    }

    private void next(PipelineHome home, Path file) {
        PipelineStatus status = home.monitor().status();
        long all = status.trials().values().stream().mapToLong(Long::longValue).sum();
        String p = "java -jar pipeline-runner.jar";
        String config = " --config " + file;
        out().println();
        out().printf(
                        "%d trials: %d deployed (PAPER), %d completed, %d failed. Each has its reason above.%n",
                        all,
                        status.count(TrialStatus.DEPLOYED),
                        status.count(TrialStatus.COMPLETED),
                        status.count(TrialStatus.FAILED));
        out().println("RANK is by the backtest, OPTUNA RANK by the objective on the training window.");
        out().println();
        out().println("Look next at");
        out().println("  " + p + " show 31" + config + "      everything about one trial");
        out().println("  " + p + " deployments" + config + "  the paper traders");
        out().println("  " + p + " logs 31 -f" + config + "   what one of them does");
        out().println("  sqlite3 " + home.config().home().resolve("pipeline_v2.db")
                + " 'select * from trials'   the truth itself");
        out().flush();
    }

    private void serve(PipelineHome home, HomeLock lock) throws InterruptedException {
        CountDownLatch ending = new CountDownLatch(1);
        try (Shutdown shutdown = Shutdown.of(ending::countDown)) {
            try (Pipeline pipeline = home.pipeline(lock)) {
                Thread daemon = new Thread(pipeline::runDaemon, "daemon");
                daemon.start();
                Dashboard dashboard = dashboard(home);
                try (DashboardServer server = dashboard.server()) {
                    say("");
                    say("Dashboard: http://" + home.config().http().host() + ":" + dashboard.port() + "/   for "
                            + (keep
                                    ? "as long as you like; Ctrl+C ends it"
                                    : time.toSeconds() + " s (--keep: until Ctrl+C)"));
                    if (keep) {
                        ending.await(FOREVER_DAYS, TimeUnit.DAYS);
                    } else {
                        ending.await(time.toMillis(), TimeUnit.MILLISECONDS);
                    }
                }
                pipeline.close();
                daemon.join();
            }
            int stopped = home.deployments().standDown(lock, "stopped at the end of the demo");
            say("Stopped " + stopped + " paper traders. Run the demo again and they go on from where they were.");
        }
    }

    private record Dashboard(DashboardServer server, int port) {}

    /** On the configured port, or a free one if that is taken: it is only a demo. */
    private static Dashboard dashboard(PipelineHome home) {
        DashboardServer configured = home.server(home.config().http().port());
        try {
            return new Dashboard(configured, configured.start());
        } catch (AddressUnavailableException e) {
            configured.close();
            DashboardServer free = home.server(0);
            return new Dashboard(free, free.start());
        }
    }
}
