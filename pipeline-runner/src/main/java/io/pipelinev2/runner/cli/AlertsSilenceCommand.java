package io.pipelinev2.runner.cli;

import io.pipelinev2.runner.PipelineHome;
import java.time.Duration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;

@Command(
        name = "silence",
        description = "Says nothing of an alert for a time, nor of one on the same matter that begins meanwhile.")
final class AlertsSilenceCommand extends AlertsSubcommand {

    private static final Duration LONGEST = Duration.ofDays(30);

    @Parameters(index = "0", paramLabel = "ID", description = "The alert, as `alerts` lists it.")
    long id;

    @Option(
            names = "--for",
            paramLabel = "DURATION",
            defaultValue = "1h",
            converter = DurationConverter.class,
            description = "How long, at most 30d; 0 ends it. Default: ${DEFAULT-VALUE}.")
    Duration time;

    @Override
    public Integer call() {
        if (time.compareTo(LONGEST) > 0) {
            throw new ParameterException(spec.commandLine(), "--for must be at most 30d");
        }
        try (PipelineHome home = open()) {
            say(home.alerts().silence(id, time, operator()));
            return ExitCode.OK;
        }
    }
}
