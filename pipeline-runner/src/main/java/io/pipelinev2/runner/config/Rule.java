package io.pipelinev2.runner.config;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.function.Predicate;

/**
 * What a value must be. The loader reports a broken rule with its place in the file, a record's constructor throws; both
 * in the same words.
 *
 * @param holds whether a value keeps the rule
 * @param words continues "but must be"
 */
record Rule<T>(Predicate<? super T> holds, String words) {

    static final Rule<String> NOT_BLANK = new Rule<>(text -> !text.isBlank(), "some text");
    static final Rule<Collection<?>> NOT_EMPTY = new Rule<>(items -> !items.isEmpty(), "a list of at least one");
    static final Rule<Boolean> EITHER = new Rule<>(flag -> true, "true or false");
    static final Rule<Duration> NOT_NEGATIVE = atLeast(Duration.ZERO);

    // "~" is the shell's: a program that does not know it makes a directory of that name
    static final Rule<String> PATH = new Rule<>(
            text -> !text.isBlank() && !text.equals("~") && !text.startsWith("~/") && isPath(text),
            "a path, absolute or relative to the home ('~' is not expanded)");

    static Rule<Integer> atLeast(int least) {
        return new Rule<>(value -> value >= least, "at least " + least);
    }

    static Rule<Integer> between(int least, int most) {
        return new Rule<>(value -> value >= least && value <= most, "from %d to %d".formatted(least, most));
    }

    static Rule<Duration> atLeast(Duration least) {
        return new Rule<>(value -> value.compareTo(least) >= 0, "at least " + DurationText.of(least));
    }

    static <T> Rule<T> exactly(T only, String words) {
        return new Rule<>(only::equals, words);
    }

    static Rule<String> oneOf(Collection<String> names) {
        return new Rule<>(names::contains, "one of: " + String.join(", ", names));
    }

    /** Every element keeps the rule. */
    static <T> Rule<List<T>> each(Rule<? super T> rule) {
        return new Rule<>(
                list -> !list.isEmpty() && list.stream().allMatch(rule.holds()::test),
                "a list of at least one, each " + rule.words());
    }

    void require(String key, T value) {
        if (!holds.test(value)) {
            throw new IllegalArgumentException(key + " was " + value + " but must be " + words);
        }
    }

    private static boolean isPath(String text) {
        try {
            Path.of(text);
            return true;
        } catch (InvalidPathException e) {
            return false;
        }
    }
}
