package io.pipelinev2.runner.config;

import io.pipelinev2.core.stage.internal.JsonValues;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where the trials come from, if not from Optuna: the block {@code source}.
 *
 * @param type by which a plugin or the host application knows what it is; {@code command} for a command
 * @param command the program to run and its arguments; empty if it is an object
 * @param settings what it makes of them is its own affair: plain values as in {@link JsonValues}
 * @param storage what the source of a command is called where it is recorded; part of the identity of its studies
 * @param timeout how long the command may take for one answer
 */
public record SourceConfig(
        String type,
        Optional<List<String>> command,
        Map<String, @Nullable Object> settings,
        String storage,
        Duration timeout) {

    private static final String COMMAND = "command";
    private static final Duration USUAL = Duration.ofMinutes(1);
    private static final Rule<String> TYPE = new Rule<>(UserStage::isName, UserStage.NAME_WORDS);
    private static final Rule<String> STORAGE =
            new Rule<>(name -> !name.isBlank() && name.length() <= 200, "some text of at most 200 characters");
    private static final Rule<Duration> TIMEOUT = Rule.atLeast(Duration.ofMillis(1));
    private static final Rule<Map<String, @Nullable Object>> ANY = new Rule<>(settings -> true, "an object { … }");

    public SourceConfig {
        TYPE.require("type", type);
        command = command.map(List::copyOf);
        command.ifPresent(words -> TraderCommand.WORDS.require(COMMAND, words));
        settings = JsonValues.checked("settings", settings);
        STORAGE.require("storage", storage);
        TIMEOUT.require("timeout_seconds", timeout);
    }

    static Optional<SourceConfig> read(Options root) {
        if (!root.has("source")) {
            return Optional.empty();
        }
        Options options = root.section("source");
        boolean isCommand = options.has(COMMAND);
        if (isCommand && options.has("type")) {
            options.refuse("type", "left out where there is a command: a source is one or the other");
        }
        if (!isCommand && !options.has("type")) {
            options.missing(
                    "type",
                    "write the type of a trial source that a plugin or the host application provides, or give it a command");
        }
        if (root.has("optuna")) {
            root.refuse("optuna", "left out where there is a source: trials come from one of them");
        }
        Optional<List<String>> command = options.optional(COMMAND, Kind.TEXT.list(), TraderCommand.WORDS);
        command.ifPresent(words -> UserStage.check(words, options, List.of()));
        SourceConfig source = new SourceConfig(
                isCommand ? COMMAND : options.text("type", "missing", TYPE),
                command,
                options.value("settings", Map.of(), PlainValues::settings, ANY),
                isCommand ? options.text("storage", COMMAND, STORAGE) : COMMAND,
                isCommand ? options.duration("timeout_seconds", USUAL, TIMEOUT) : USUAL);
        options.refuseUnknown();
        return Optional.of(source);
    }
}
