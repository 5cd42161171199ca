package io.pipelinev2.runner.cli;

import io.pipelinev2.runner.PipelineHome;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "drain",
        description =
                "Asks what runs on this home, daemon and workers, to begin nothing more, to finish what runs, and to end.")
final class DrainCommand extends HomeCommand {

    @Option(names = "--reason", paramLabel = "TEXT", description = "Why, for the record.")
    String reason = "";

    @Override
    public Integer call() {
        try (PipelineHome home = open()) {
            List<String> running = home.running();
            say(home.operations().drain(reason, operator()));
            say(
                    running.isEmpty()
                            ? "Nothing runs here at present."
                            : "That is: " + String.join("; ", running) + ". Paper traders go on.");
            return ExitCode.OK;
        }
    }
}
