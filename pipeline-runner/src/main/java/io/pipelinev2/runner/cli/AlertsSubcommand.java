package io.pipelinev2.runner.cli;

import io.pipelinev2.runner.config.PipelineConfig;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ParentCommand;

/** What `alerts` does beside listing them. Which home is meant may be said before or after the word for it. */
abstract class AlertsSubcommand extends HomeCommand {

    @ParentCommand
    @Nullable
    AlertsCommand alerts;

    @Override
    PipelineConfig config() {
        if (alerts != null) {
            options.config = options.config == null ? alerts.options.config : options.config;
            options.home = options.home == null ? alerts.options.home : options.home;
        }
        return super.config();
    }
}
