package io.pipelinev2.runner.doctor;

import io.pipelinev2.runner.config.PipelineConfig;
import io.pipelinev2.runner.extension.Extensions;
import io.pipelinev2.runner.extension.Plugins;
import java.util.List;

/** Whether the jars of the home can be used. Their stages are not made: that may take hold of something. */
public final class PluginsCheck implements Check {

    private final PipelineConfig config;

    public PluginsCheck(PipelineConfig config) {
        this.config = config;
    }

    @Override
    public String name() {
        return "plugins";
    }

    @Override
    public List<Finding> look() {
        try (Plugins plugins = Plugins.load(config.home(), Extensions.none())) {
            List<String> provided = plugins.provided();
            if (plugins.faults().isEmpty()) {
                return List.of(Finding.ok(
                        provided.isEmpty() ? "there are none" : "they provide " + String.join(", ", provided)));
            }
            return plugins.faults().stream()
                    .map(fault -> Finding.fail(fault, "until then neither `run` nor `once` starts"))
                    .toList();
        }
    }
}
