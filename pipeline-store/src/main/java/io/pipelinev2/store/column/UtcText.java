package io.pipelinev2.store.column;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.ResolverStyle;

/**
 * Times for people, as text: {@code 2026-01-29 21:30:00.123}, always UTC. Readable in any SQL shell, sorted as text, the
 * same in every database. What is finer than a millisecond is cut off.
 */
public final class UtcText {

    private static final DateTimeFormatter WRITTEN = DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss.SSS");
    // without milliseconds: what SQLite's CURRENT_TIMESTAMP writes
    private static final DateTimeFormatter READ =
            DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss[.SSS]").withResolverStyle(ResolverStyle.STRICT);

    private UtcText() {}

    /** The text of a time. */
    public static String format(Instant time) {
        return WRITTEN.format(LocalDateTime.ofInstant(time, ZoneOffset.UTC));
    }

    /**
     * The time of a text, with or without milliseconds.
     *
     * @throws IllegalArgumentException if it is not of that form
     */
    public static Instant parse(String text) {
        try {
            return LocalDateTime.parse(text, READ).toInstant(ZoneOffset.UTC);
        } catch (DateTimeException e) {
            throw new IllegalArgumentException(
                    "'" + text + "' is not a UTC time of the form YYYY-MM-DD HH:MM:SS.mmm", e);
        }
    }
}
