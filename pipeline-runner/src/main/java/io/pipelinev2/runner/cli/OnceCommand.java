package io.pipelinev2.runner.cli;

import io.pipelinev2.core.Pipeline;
import io.pipelinev2.core.monitoring.PipelineStatus;
import io.pipelinev2.core.stage.StageHold;
import io.pipelinev2.core.trial.TrialStatus;
import io.pipelinev2.runner.HomeLock;
import io.pipelinev2.runner.PipelineHome;
import io.pipelinev2.runner.config.InertText;
import io.pipelinev2.runner.config.PipelineConfig;
import picocli.CommandLine.Command;

@Command(
        name = "once",
        description = "Discovers and processes everything pending, scheduled retries included, deploys, and returns."
                + " Traders live on.")
final class OnceCommand extends HomeCommand {

    @Override
    public Integer call() throws Exception {
        PipelineConfig config = config();
        try (Shutdown shutdown = new Shutdown();
                HomeLock lock = HomeLock.take(config.home(), "once");
                PipelineHome home = open(config);
                Pipeline pipeline = home.pipeline(lock)) {
            shutdown.answeredBy(() -> {
                home.endSource();
                pipeline.close();
            });
            Progress progress = progress();
            pipeline.runOnce(() -> progress.show(pipeline.status()));
            progress.end();
            PipelineStatus status = pipeline.status();
            say("%d deployed, %d completed, %d failed, %d pending. `trials` shows why."
                    .formatted(
                            status.count(TrialStatus.DEPLOYED),
                            status.count(TrialStatus.COMPLETED),
                            status.count(TrialStatus.FAILED),
                            status.count(TrialStatus.PENDING) + status.count(TrialStatus.PROCESSING)));
            for (StageHold hold : status.holds()) {
                boolean all = hold.stage().equals(StageHold.EVERY_STAGE);
                err().println("Held: %s, %s (`unpause%s` lets %s go on)"
                        .formatted(
                                all ? "all stages" : hold.stage(),
                                InertText.of(hold.reason()),
                                all ? "" : " " + hold.stage(),
                                all ? "them" : "it"));
            }
            if (status.trials().values().stream().allMatch(count -> count == 0)) {
                err().println(config.source()
                        .map(source -> source.command().isPresent()
                                ? "The command of the trial source (source.command) told of no finished trial."
                                : "The trial source '" + source.type() + "' (source.type) has no finished trial.")
                        .orElseGet(() -> "No study of " + config.optuna().studies() + " (optuna.studies) in "
                                + config.optuna().storage() + " has a COMPLETE trial."));
            }
            return ExitCode.OK;
        }
    }
}
