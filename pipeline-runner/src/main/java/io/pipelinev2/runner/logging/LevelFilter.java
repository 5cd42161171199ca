package io.pipelinev2.runner.logging;

import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Lets lines of a log through that are grave enough. What says nothing of itself, such as a stack trace, belongs to the line
 * before; with none before, nobody knows, and it is let through. For one reader, who goes through the lines in their order.
 */
public final class LevelFilter implements Predicate<String> {

    private final LogLevel least;
    private @Nullable LogLevel before;

    /**
     * @param least what is grave enough
     * @param before how grave the line before the first one is, or null if that is not known
     */
    public LevelFilter(LogLevel least, @Nullable LogLevel before) {
        this.least = least;
        this.before = before;
    }

    @Override
    public boolean test(String line) {
        LogLevel said = LogLevel.in(line);
        if (said != null) {
            before = said;
        }
        return before == null || before.compareTo(least) >= 0;
    }

    /** How grave the last line was, or null if that is not known. */
    public @Nullable LogLevel last() {
        return before;
    }
}
