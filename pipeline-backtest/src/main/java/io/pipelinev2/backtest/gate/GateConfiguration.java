package io.pipelinev2.backtest.gate;

import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link GateFactory} is told of the gate that it is to make.
 *
 * @param name what verdicts call it
 * @param settings what stands under {@code settings} of the gate: null, booleans, text, whole numbers as {@link
 *     Long} and others as {@link Double}, lists, and maps with text keys; empty if it was left out
 * @param home the directory that relative paths begin at
 */
public record GateConfiguration(String name, Map<String, @Nullable Object> settings, Path home) {

    /**
     * Takes its own copy of the settings, which cannot be changed.
     *
     * @throws IllegalArgumentException if the name is blank
     */
    public GateConfiguration {
        if (name.isBlank()) {
            throw new IllegalArgumentException("a gate needs a name");
        }
        settings = Collections.unmodifiableMap(new LinkedHashMap<>(settings));
    }
}
