package io.pipelinev2.runner.logging;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** How grave a line of a log is, be it the pipeline's own line of JSON or whatever a child of it writes. */
public enum LogLevel {
    TRACE("TRACE", "FINEST", "FINER"),
    DEBUG("DEBUG", "FINE"),
    INFO("INFO", "NOTICE", "CONFIG"),
    WARN("WARN", "WARNING"),
    ERROR("ERROR", "CRITICAL", "FATAL", "SEVERE");

    private static final String WORDS = "(" + String.join("|", words()) + ")";

    /** Quotes within a text of JSON have a backslash before them, so no message can pose as this field. */
    private static final Pattern JSON =
            Pattern.compile("\"level(?:name)?\"\\s*:\\s*\"" + WORDS + "\"", Pattern.CASE_INSENSITIVE);

    /** At the beginning of a line or a few words after its time; else it would be a word of what is said. */
    private static final Pattern PLAIN = Pattern.compile(
            "^(?:[\\[(]?\\d\\S{0,40}\\s+(?:\\S{1,80}\\s+){0,5}?)?[\\[(<]?" + WORDS + "(?![A-Za-z0-9_])");

    private final List<String> names;

    LogLevel(String... names) {
        this.names = List.of(names);
    }

    private static List<String> words() {
        return Arrays.stream(values()).flatMap(level -> level.names.stream()).toList();
    }

    /** The name that it has in settings and answers. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** The labels of all, from the least grave on. */
    public static List<String> labels() {
        return Arrays.stream(values()).map(LogLevel::label).toList();
    }

    /** @throws IllegalArgumentException if it is no label */
    public static LogLevel of(String label) {
        return Arrays.stream(values())
                .filter(level -> level.label().equals(label))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(
                        "level must be one of: " + String.join(", ", labels()) + ", was " + label));
    }

    /** What a line says of itself, or null if it says nothing. */
    public static @Nullable LogLevel in(String line) {
        Matcher matcher = (line.startsWith("{") ? JSON : PLAIN).matcher(line);
        if (!matcher.find()) {
            return null;
        }
        String word = matcher.group(1).toUpperCase(Locale.ROOT);
        return Arrays.stream(values())
                .filter(level -> level.names.contains(word))
                .findFirst()
                .orElse(null);
    }
}
