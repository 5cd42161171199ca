package io.pipelinev2.runner.alerts;

import io.pipelinev2.core.stage.internal.JsonValues;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What an {@link AlertChannelFactory} is told of the channel that it is to make.
 *
 * @param name the channel's name in configuration and database
 * @param settings what stands under {@code settings} in its block: plain values as in {@link JsonValues}, whole numbers as
 *     {@link Long} and others as {@link Double}; empty if it was left out
 * @param home the directory that relative paths begin at
 */
public record AlertChannelConfiguration(String name, Map<String, @Nullable Object> settings, Path home) {

    /**
     * Takes its own copy of the settings, which cannot be changed.
     *
     * @throws IllegalArgumentException if a setting is no plain value
     */
    public AlertChannelConfiguration {
        settings = JsonValues.checked("settings", settings);
    }
}
