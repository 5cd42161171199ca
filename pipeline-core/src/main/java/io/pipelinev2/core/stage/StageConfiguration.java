package io.pipelinev2.core.stage;

import io.pipelinev2.core.stage.internal.JsonValues;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link StageFactory} is told of the stage that it is to make.
 *
 * @param name the stage's name in configuration and database
 * @param settings what stands under {@code settings} in the stage's block: plain values as in {@link StageOutcome}, whole
 *     numbers as {@link Long} and others as {@link Double}; empty if it was left out
 * @param home the directory that relative paths begin at
 */
public record StageConfiguration(String name, Map<String, @Nullable Object> settings, Path home) {

    /**
     * Takes its own copy of the settings, which cannot be changed.
     *
     * @param name not blank
     * @param settings plain values, of whatever kind of number
     * @param home absolute, or beginning at the working directory
     * @throws IllegalArgumentException if the name is blank or a setting is no plain value
     */
    public StageConfiguration {
        if (name.isBlank()) {
            throw new IllegalArgumentException("a stage needs a name");
        }
        settings = JsonValues.checked("settings", settings);
    }
}
