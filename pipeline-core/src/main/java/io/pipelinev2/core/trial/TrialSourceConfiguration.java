package io.pipelinev2.core.trial;

import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link TrialSourceFactory} is told of the source that it is to open.
 *
 * @param settings what stands under {@code settings} in the block {@code source}: null, booleans, text, whole numbers as
 *     {@link Long} and others as {@link Double}, lists, and maps with text keys; empty if it was left out
 * @param home the directory that relative paths begin at
 */
public record TrialSourceConfiguration(Map<String, @Nullable Object> settings, Path home) {

    /**
     * Takes its own copy of the settings, which cannot be changed.
     *
     * @param settings plain values
     * @param home absolute, or beginning at the working directory
     */
    public TrialSourceConfiguration {
        settings = Collections.unmodifiableMap(new LinkedHashMap<>(settings));
    }
}
