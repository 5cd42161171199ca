package io.pipelinev2.runner.cli;

import io.pipelinev2.core.Pipeline;
import io.pipelinev2.runner.HomeLock;
import io.pipelinev2.runner.HomeWatch;
import io.pipelinev2.runner.PipelineHome;
import io.pipelinev2.runner.config.PipelineConfig;
import io.pipelinev2.runner.http.DashboardServer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "run",
        description =
                "The daemon: discovers, processes, deploys, supervises and serves the dashboard until it is ended."
                        + " Traders outlive it, and the next daemon takes them over.")
final class RunCommand extends HomeCommand {

    @Option(
            names = "--worker",
            description = "Only executes stages, beside a daemon; there may be several. Serves nothing.")
    boolean worker;

    @Override
    public Integer call() {
        return worker ? work() : supervise();
    }

    private int work() {
        try (Shutdown shutdown = new Shutdown();
                PipelineHome home = open()) {
            boolean supervised = home.isSupervised();
            try (Pipeline pipeline = home.worker()) {
                shutdown.answeredBy(pipeline::close);
                err().println(
                                supervised
                                        ? "Working beside the daemon.  (Ctrl+C ends it)"
                                        : "Working. No daemon runs, so nothing new is discovered or deployed: start it"
                                                + " with `run`.  (Ctrl+C ends it)");
                err().flush();
                pipeline.runWorker();
            }
            err().println("Ended in order.");
            err().flush();
            return ExitCode.OK;
        }
    }

    private int supervise() {
        PipelineConfig config = config();
        // declared from the outside in: of what can be seen from elsewhere, the lock is let go of last
        try (Shutdown shutdown = new Shutdown();
                HomeLock lock = HomeLock.take(config.home(), "daemon");
                PipelineHome home = open(config);
                DashboardServer server = home.server(config.http().port())) {
            int port = server.start();
            try (Pipeline pipeline = home.pipeline(lock);
                    HomeWatch watch = home.watch()) {
                shutdown.answeredBy(() -> {
                    watch.close();
                    home.endSource();
                    pipeline.close();
                });
                err().println("Running. Dashboard: http://" + config.http().host() + ":" + port
                        + "/  (Ctrl+C ends it)");
                err().flush();
                pipeline.runDaemon(watch::start);
            }
            err().println("Ended in order. Paper traders go on; the next `run` takes them over, `stop` ends them.");
            err().flush();
            return ExitCode.OK;
        }
    }
}
