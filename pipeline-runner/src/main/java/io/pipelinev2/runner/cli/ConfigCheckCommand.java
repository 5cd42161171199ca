package io.pipelinev2.runner.cli;

import io.pipelinev2.runner.config.ConfigException;
import io.pipelinev2.runner.config.PipelineConfig;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "check",
        description =
                "Tells all that is wrong with the configuration, with line and remedy. `doctor` looks further, at what"
                        + " it names.")
final class ConfigCheckCommand extends HomeCommand {

    @Option(names = "--json", description = "One JSON object on standard output.")
    boolean json;

    @Override
    public Integer call() {
        try {
            PipelineConfig config = config();
            if (json) {
                print(json(config.file().toString(), List.of()));
            } else {
                say("ok: " + config.file());
            }
            return ExitCode.OK;
        } catch (ConfigException e) {
            if (!json) {
                throw e;
            }
            print(json(null, e.faults()));
            return ExitCode.BAD_CONFIGURATION;
        }
    }

    private static Map<String, @Nullable Object> json(@Nullable String file, List<String> faults) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("ok", faults.isEmpty());
        json.put("file", file);
        json.put("faults", faults);
        return json;
    }
}
