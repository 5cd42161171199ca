package io.pipelinev2.runner.cli;

import io.pipelinev2.runner.PipelineHome;
import java.util.Map;
import picocli.CommandLine.Command;

@Command(name = "test", description = "Tells every configured channel that this is a test, and says how each did.")
final class AlertsTestCommand extends AlertsSubcommand {

    @Override
    public Integer call() {
        try (PipelineHome home = open()) {
            Map<String, String> results = home.testAlerts();
            results.forEach(
                    (channel, error) -> say(error.isEmpty() ? channel + ": told" : channel + ": failed: " + error));
            boolean allTold = results.values().stream().allMatch(String::isEmpty);
            return allTold ? ExitCode.OK : ExitCode.UNREACHABLE;
        }
    }
}
