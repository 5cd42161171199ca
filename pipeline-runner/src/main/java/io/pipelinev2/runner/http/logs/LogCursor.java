package io.pipelinev2.runner.http.logs;

import io.pipelinev2.runner.logging.LogLevel;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * From where on a log is read, as clients hold it: they need not know what is in it.
 *
 * @param level how grave the line before is, to which those belong that say nothing of themselves; null if that is not known
 */
public record LogCursor(LogPlace place, @Nullable LogLevel level) {

    private static final Pattern WITH_LEVEL = Pattern.compile("(.*)-([a-z]+)");

    /** @throws ProblemException if the text is none (400) */
    public static LogCursor parse(String text) {
        Matcher matcher = WITH_LEVEL.matcher(text);
        if (matcher.matches() && LogLevel.labels().contains(matcher.group(2))) {
            return new LogCursor(LogPlace.parse(matcher.group(1)), LogLevel.of(matcher.group(2)));
        }
        return new LogCursor(LogPlace.parse(text), null);
    }

    @Override
    public String toString() {
        return place + (level == null ? "" : "-" + level.label());
    }
}
