package io.pipelinev2.runner.config;

import io.pipelinev2.core.stage.internal.JsonValues;
import io.pipelinev2.deploy.launch.CommandTemplate;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A gate that is no threshold: what an element of {@code gates} with a {@code type} or a {@code command} says.
 *
 * @param name what verdicts call it
 * @param command the program to run and its arguments; empty if it is an object
 * @param type by which a plugin or the host application knows what it is; {@code command} for commands
 * @param settings what it makes of them is its own affair: plain values as in {@link JsonValues}
 * @param timeout how long the command may take
 */
public record UserGate(
        String name,
        Optional<List<String>> command,
        String type,
        Map<String, @Nullable Object> settings,
        Duration timeout) {

    /** The names of places that a command's arguments may hold in braces. */
    public static final List<String> PLACES =
            List.of(CommandTemplate.NUMBER, CommandTemplate.STUDY, CommandTemplate.TRIAL_JSON);

    private static final String COMMAND = "command";
    private static final Duration USUAL = Duration.ofSeconds(10);
    private static final Rule<String> TYPE = new Rule<>(UserStage::isName, UserStage.NAME_WORDS);
    private static final Rule<Duration> TIMEOUT = Rule.atLeast(Duration.ofMillis(1));
    private static final Rule<Map<String, @Nullable Object>> ANY = new Rule<>(settings -> true, "an object { … }");

    public UserGate {
        GatesConfig.NAME.require("name", name);
        TYPE.require("type", type);
        command = command.map(List::copyOf);
        command.ifPresent(words -> TraderCommand.WORDS.require(COMMAND, words));
        settings = JsonValues.checked("settings", settings);
        TIMEOUT.require("timeout_seconds", timeout);
    }

    /** Whether an element of {@code gates} describes one. */
    static boolean isDescribedIn(Options item) {
        // both are asked, so that a mistyped one is recognized
        return item.has(COMMAND) | item.has("type");
    }

    /** @param index its place in the list, for a name where the file has none that can be used */
    static UserGate read(Options item, int index) {
        String nameless = "gate-" + index;
        boolean isCommand = item.has(COMMAND);
        if (isCommand && item.has("type")) {
            item.refuse("type", "left out where there is a command: a gate is one or the other");
        }
        for (String key : List.of("metric", "at_least", "at_most")) {
            if (item.has(key)) {
                item.refuse(key, "left out where there is a command or a type: thresholds are gates of their own");
            }
        }
        Optional<List<String>> command = item.optional(COMMAND, Kind.TEXT.list(), TraderCommand.WORDS);
        command.ifPresent(words -> UserStage.check(words, item, PLACES));
        String type = isCommand ? COMMAND : item.text("type", nameless, TYPE);
        if (isCommand && !item.has("name")) {
            item.missing("name", "say what verdicts are to call the gate");
        }
        UserGate gate = new UserGate(
                item.text("name", isCommand ? nameless : type, GatesConfig.NAME),
                command,
                type,
                item.value("settings", Map.of(), PlainValues::settings, ANY),
                isCommand ? item.duration("timeout_seconds", USUAL, TIMEOUT) : USUAL);
        item.refuseUnknown();
        return gate;
    }
}
