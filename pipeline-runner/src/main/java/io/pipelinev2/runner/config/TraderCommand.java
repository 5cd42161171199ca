package io.pipelinev2.runner.config;

import java.util.List;
import java.util.Optional;

/** The command of a deployment, word by word. */
final class TraderCommand {

    private static final Placeholders PLACEHOLDERS =
            new Placeholders("model_dir", "number", "study", "state_dir", "trial_json");

    static final Rule<List<String>> WORDS = new Rule<>(
            words -> !words.isEmpty()
                    && !words.get(0).isBlank()
                    && words.stream().noneMatch(word -> word.indexOf('\0') >= 0),
            "a list of the program and its arguments, such as [\"python3\", \"trade.py\", \"{number}\"]");

    private TraderCommand() {}

    static Optional<List<String>> read(Options options, String key) {
        Optional<List<String>> command = options.optional(key, Kind.TEXT.list(), WORDS);
        command.ifPresent(words -> checkPlaceholders(words, options, key));
        return command;
    }

    private static void checkPlaceholders(List<String> words, Options options, String key) {
        for (int i = 0; i < words.size(); i++) {
            int index = i;
            PLACEHOLDERS
                    .mistypedIn(words.get(i))
                    .ifPresent(word -> options.refuseItem(
                            key,
                            index,
                            "made with %s; for '{%s}', %s"
                                    .formatted(
                                            String.join(" ", PLACEHOLDERS.known()),
                                            InertText.of(word),
                                            PLACEHOLDERS.hint(word))));
        }
    }
}
