package io.pipelinev2.runner.http.logs;

import io.pipelinev2.runner.http.problem.ProblemException;
import io.pipelinev2.runner.logging.LogLevel;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Some lines of a log.
 *
 * @param lines in order
 * @param truncated whether there were more before them, or between them and what was read before
 * @param next where to go on reading
 */
public record LogExcerpt(List<String> lines, boolean truncated, String next) {

    /** However large a log is, no more than this much of it is shown. */
    public static final int MOST_BYTES = 4 * 1024 * 1024;

    /** How much may be read where few lines of many are wanted. */
    private static final int MOST_SEARCHED = 64 * 1024 * 1024;

    private static final int LONGEST_LINE = 8 * 1024;

    public LogExcerpt {
        lines = List.copyOf(lines);
    }

    /**
     * The last lines of a log.
     *
     * @param most how many
     * @throws ProblemException if there is no such log (404)
     */
    public static LogExcerpt last(LogFiles log, int most) throws IOException {
        return of(log.last(MOST_BYTES), most, line -> true);
    }

    /** The last ones that are wanted of a log that holds others, too. */
    public static LogExcerpt last(LogFiles log, int most, Predicate<String> wanted) throws IOException {
        return of(log.last(MOST_SEARCHED), most, wanted);
    }

    /**
     * What was written since.
     *
     * @param place {@link #next} of what was read before
     * @param most how many lines, the last ones
     */
    public static LogExcerpt after(LogFiles log, LogPlace place, int most, Predicate<String> wanted)
            throws IOException {
        return of(log.after(place, MOST_BYTES), most, wanted);
    }

    /** The same, to be read on by what belongs to a line of this level. */
    public LogExcerpt after(@Nullable LogLevel level) {
        return new LogExcerpt(lines, truncated, new LogCursor(LogPlace.parse(next), level).toString());
    }

    private static LogExcerpt of(LogFiles.Stretch stretch, int most, Predicate<String> wanted) throws IOException {
        Deque<String> lines = new ArrayDeque<>();
        boolean[] dropped = {stretch.truncated()};
        LogPlace next = stretch.read(line -> {
            if (wanted.test(line)) {
                lines.addLast(shortened(line));
                if (lines.size() > most) {
                    lines.removeFirst();
                    dropped[0] = true;
                }
            }
        });
        return new LogExcerpt(List.copyOf(lines), dropped[0], next.toString());
    }

    private static String shortened(String line) {
        return line.length() <= LONGEST_LINE ? line : line.substring(0, LONGEST_LINE) + "…";
    }
}
