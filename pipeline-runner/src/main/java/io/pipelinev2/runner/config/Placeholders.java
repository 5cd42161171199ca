package io.pipelinev2.runner.config;

import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The words in braces of a template. */
final class Placeholders {

    private static final Pattern PLACEHOLDER = Pattern.compile("\\{([A-Za-z_-]*)}");

    private final List<String> known;

    Placeholders(String... known) {
        this.known = List.of(known);
    }

    /** The first that is not among the known ones. */
    Optional<String> unknownIn(String template) {
        return PLACEHOLDER
                .matcher(template)
                .results()
                .map(match -> match.group(1))
                .filter(word -> !known.contains(word))
                .findFirst();
    }

    /** The first that looks like a known one, but is none. Others may well mean something to whoever reads them. */
    Optional<String> mistypedIn(String template) {
        Matcher matcher = PLACEHOLDER.matcher(template);
        while (matcher.find()) {
            String word = matcher.group(1);
            if (!known.contains(word) && DidYouMean.of(word, known).isPresent()) {
                return Optional.of(word);
            }
        }
        return Optional.empty();
    }

    String hint(String word) {
        return DidYouMean.hint(word, known);
    }

    List<String> known() {
        return known.stream().map(word -> "{" + word + "}").toList();
    }
}
