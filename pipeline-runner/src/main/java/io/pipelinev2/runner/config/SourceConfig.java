package io.pipelinev2.runner.config;

import io.pipelinev2.core.stage.internal.JsonValues;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where the trials come from, if not from Optuna: the block {@code source}.
 *
 * @param type by which a plugin or the host application knows what it is
 * @param settings what it makes of them is its own affair: plain values as in {@link JsonValues}
 */
public record SourceConfig(String type, Map<String, @Nullable Object> settings) {

    private static final Rule<String> TYPE = new Rule<>(UserStage::isName, UserStage.NAME_WORDS);
    private static final Rule<Map<String, @Nullable Object>> ANY = new Rule<>(settings -> true, "an object { … }");

    public SourceConfig {
        TYPE.require("type", type);
        settings = JsonValues.checked("settings", settings);
    }

    static Optional<SourceConfig> read(Options root) {
        if (!root.has("source")) {
            return Optional.empty();
        }
        Options options = root.section("source");
        if (!options.has("type")) {
            options.missing("type", "write the type of a trial source that a plugin or the host application provides");
        }
        if (root.has("optuna")) {
            root.refuse("optuna", "left out where there is a source: trials come from one of them");
        }
        SourceConfig source = new SourceConfig(
                options.text("type", "missing", TYPE), options.value("settings", Map.of(), PlainValues::settings, ANY));
        options.refuseUnknown();
        return Optional.of(source);
    }
}
