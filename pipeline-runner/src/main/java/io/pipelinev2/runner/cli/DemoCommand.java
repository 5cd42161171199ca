package io.pipelinev2.runner.cli;

import io.pipelinev2.core.Pipeline;
import io.pipelinev2.core.monitoring.PipelineStatus;
import io.pipelinev2.core.trial.TrialStatus;
import io.pipelinev2.runner.HomeLock;
import io.pipelinev2.runner.HomeWatch;
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
import java.util.concurrent.atomic.AtomicReference;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

@Command(
        name = "demo",
        description =
                "The whole pipeline on a complete example: 28 finished trials come in, the top three trade on PAPER."
                        + " Run again, it goes on from where it was. Its home is --home DIR, by default ./pipeline-demo.")
final class DemoCommand extends HomeCommand {

    private final CountDownLatch ending = new CountDownLatch(1);
    private final AtomicReference<Pipeline> deciding = new AtomicReference<>();

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
        try (Shutdown shutdown = new Shutdown();
                HomeLock lock = HomeLock.take(config.home(), "demo");
                PipelineHome home = open(config)) {
            shutdown.answeredBy(this::end);
            decide(home, lock);
            if (ending.getCount() > 0) {
                TrialsView trials = TrialsView.of(home.store(), home.ranking());
                out().print(TrialTable.of(trials, page()));
                if (Terminal.width().isPresent()) {
                    tellWhyTheyFailed(trials);
                }
                next(home, file);
            }
            if (!noDaemon) {
                serve(home, lock);
            }
            return ExitCode.OK;
        }
    }

    private void end() {
        ending.countDown();
        Pipeline pipeline = deciding.get();
        if (pipeline != null) {
            pipeline.close();
        }
    }

    private void decide(PipelineHome home, HomeLock lock) throws InterruptedException {
        err().println("Discovering, backtesting and deploying in "
                + home.config().home());
        try (Pipeline pipeline = home.pipeline(lock)) {
            deciding.set(pipeline);
            if (ending.getCount() > 0) {
                Progress progress = progress();
                pipeline.runOnce(() -> progress.show(pipeline.status()));
                progress.end();
            }
        }
    }

    private void next(PipelineHome home, Path file) {
        PipelineStatus status = home.monitor().status();
        long all = status.trials().values().stream().mapToLong(Long::longValue).sum();
        out().println();
        out().printf(
                        "%d trials: %d deployed (PAPER), %d completed, %d failed. `show N` tells everything about one.%n",
                        all,
                        status.count(TrialStatus.DEPLOYED),
                        status.count(TrialStatus.COMPLETED),
                        status.count(TrialStatus.FAILED));
        out().println("RANK is by the backtest, OPTUNA RANK by the objective on the training window.");
        out().println();
        out().println("Look next at");
        look(Invocation.of("show 31", file), "everything about one trial");
        look(Invocation.of("deployments", file), "the paper traders");
        look(Invocation.of("logs 31 -f", file), "what one of them does");
        look(
                "sqlite3 " + home.config().home().resolve("pipeline_v2.db") + " 'select * from trials'",
                "the truth itself");
        if (noDaemon) {
            out().println();
            out().println("The traders go on. `run` supervises them, `stop` ends them for good:");
            look(Invocation.of("run", file), "");
            look(Invocation.of("stop 31 6 1", file), "");
        }
        out().flush();
    }

    /** The table may have had no room for it. */
    private void tellWhyTheyFailed(TrialsView trials) {
        out().println();
        trials.rows().stream()
                .filter(row -> row.status() == TrialStatus.FAILED)
                .forEach(row -> say(row.key() + " failed: " + row.explanation()));
    }

    private void look(String command, String what) {
        out().println("  " + command + (what.isEmpty() ? "" : "   # " + what));
    }

    private void serve(PipelineHome home, HomeLock lock) throws InterruptedException {
        if (ending.getCount() > 0) {
            try (Pipeline pipeline = home.pipeline(lock);
                    HomeWatch watch = home.watch()) {
                Thread daemon = new Thread(() -> pipeline.runDaemon(watch::start), "daemon");
                daemon.start();
                Dashboard dashboard = dashboard(home);
                try (DashboardServer server = dashboard.server()) {
                    say("");
                    say("Dashboard: http://" + home.config().http().host() + ":" + dashboard.port() + "/   for "
                            + (keep
                                    ? "as long as you like; Ctrl+C ends it"
                                    : time.toSeconds() + " s (--keep: until Ctrl+C)"));
                    if (keep) {
                        ending.await();
                    } else {
                        ending.await(time.toMillis(), TimeUnit.MILLISECONDS);
                    }
                }
                watch.close();
                pipeline.close();
                daemon.join();
            }
        }
        int stopped = home.deployments().standDown(lock, "stopped at the end of the demo");
        say("Stopped " + stopped + " paper traders. Run the demo again and they go on from where they were.");
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
