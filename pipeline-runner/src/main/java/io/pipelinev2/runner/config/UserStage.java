package io.pipelinev2.runner.config;

import io.pipelinev2.core.stage.internal.JsonValues;
import io.pipelinev2.deploy.launch.CommandTemplate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A stage that is not built in: what its block in {@code stages} says beside the keys that all blocks share.
 *
 * @param name its name; that of a built-in stage if it replaces that
 * @param command the program to run and its arguments; empty if it is an object
 * @param type by which a plugin or the host application knows what it is; its name if left out, and for commands
 * @param settings what it makes of them is its own affair: plain values as in {@link JsonValues}
 */
public record UserStage(
        String name, Optional<List<String>> command, String type, Map<String, @Nullable Object> settings) {

    /** The names of places that a command's arguments may hold in braces. */
    public static final List<String> PLACES = List.of(
            CommandTemplate.MODEL_DIRECTORY, CommandTemplate.NUMBER, CommandTemplate.STUDY, CommandTemplate.TRIAL_JSON);

    private static final Pattern FORM = Pattern.compile("[a-z][a-z0-9_-]{0,39}");
    private static final Pattern PLACE = Pattern.compile("\\{([a-z_]+)}");

    /** What a stage or a type may be called. */
    public static final String NAME_WORDS =
            "a lower-case letter, then lower-case letters, digits, '_' and '-', at most 40 characters";

    private static final Rule<String> NAME = new Rule<>(UserStage::isName, NAME_WORDS);
    private static final Rule<Map<String, @Nullable Object>> ANY = new Rule<>(settings -> true, "an object { … }");

    public UserStage {
        NAME.require("name", name);
        NAME.require("type", type);
        command = command.map(List::copyOf);
        command.ifPresent(words -> TraderCommand.WORDS.require("command", words));
        settings = JsonValues.checked("settings", settings);
    }

    /** Whether a stage or a type may be called so. */
    public static boolean isName(String text) {
        return FORM.matcher(text).matches();
    }

    /** Whether a block describes a stage of a user's own, whatever its name is. */
    static boolean isDescribedIn(Options block) {
        // both are asked, so that a mistyped one is recognized
        return block.has("command") | block.has("type");
    }

    /** @param name one that keeps the rule for names */
    static UserStage read(String name, Options block) {
        if (block.has("command") && block.has("type")) {
            block.refuse("type", "left out where there is a command: a stage is one or the other");
        }
        Optional<List<String>> command = block.optional("command", Kind.TEXT.list(), TraderCommand.WORDS);
        command.ifPresent(words -> check(words, block, PLACES));
        return new UserStage(
                name,
                command,
                block.text("type", name, NAME),
                block.value("settings", Map.of(), PlainValues::settings, ANY));
    }

    /** @param places the names that the words may hold in braces */
    static void check(List<String> words, Options block, List<String> places) {
        String program = words.get(0);
        if (program.startsWith("-") || PLACE.matcher(program).find()) {
            block.refuseItem("command", 0, "the program to run, in words of its own");
        }
        for (int i = 0; i < words.size(); i++) {
            int index = i;
            PLACE.matcher(words.get(i))
                    .results()
                    .map(place -> place.group(1))
                    .filter(word -> !places.contains(word))
                    .findFirst()
                    .ifPresent(word -> block.refuseItem(
                            "command",
                            index,
                            places.isEmpty()
                                    ? "made without words in braces: nothing is filled in here"
                                    : "made with {%s}; for '{%s}', %s"
                                            .formatted(
                                                    String.join("} {", places),
                                                    InertText.of(word),
                                                    DidYouMean.hint(word, places))));
        }
    }
}
