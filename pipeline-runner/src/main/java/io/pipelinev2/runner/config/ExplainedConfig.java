package io.pipelinev2.runner.config;

import java.util.List;

/**
 * A configuration, and where each of its values comes from.
 *
 * @param settings in the order in which they are read; first, as {@code (file)} and {@code (home)}, where the rest is from
 */
public record ExplainedConfig(PipelineConfig config, List<Setting> settings) {

    public ExplainedConfig {
        settings = List.copyOf(settings);
    }
}
