package io.pipelinev2.runner.view;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.util.DefaultIndenter;
import tools.jackson.core.util.DefaultPrettyPrinter;
import tools.jackson.databind.json.JsonMapper;

/**
 * Writes plain values as JSON that every parser takes: infinities are the strings {@code "Infinity"} and
 * {@code "-Infinity"}, what is not a number is null, times are ISO-8601 in UTC. Keys keep the order of their map.
 */
public final class Json {

    private static final JsonMapper MAPPER = JsonMapper.builder().build();
    // The same bytes on every platform: the default indenter takes the line ending of the machine.
    private static final DefaultIndenter INDENT = new DefaultIndenter("  ", "\n");
    private static final DefaultPrettyPrinter PRETTY =
            new DefaultPrettyPrinter().withObjectIndenter(INDENT).withArrayIndenter(INDENT);

    private Json() {}

    /**
     * On one line.
     *
     * @throws IllegalArgumentException if a value is not null, a boolean, a number, text, a time, a list or a map with
     *     text keys
     */
    public static String compact(Map<String, ? extends @Nullable Object> values) {
        return MAPPER.writeValueAsString(plain(values));
    }

    /**
     * Indented, for people, without a line ending at its end.
     *
     * @throws IllegalArgumentException as {@link #compact}
     */
    public static String pretty(Map<String, ? extends @Nullable Object> values) {
        return MAPPER.writer().with(PRETTY).writeValueAsString(plain(values));
    }

    /** How times are written: UTC, to the millisecond, with {@code Z}. */
    public static String time(Instant at) {
        return at.truncatedTo(ChronoUnit.MILLIS).toString();
    }

    private static @Nullable Object plain(@Nullable Object value) {
        if (value == null || value instanceof String || value instanceof Boolean) {
            return value;
        }
        if (value instanceof Double || value instanceof Float) {
            return number(((Number) value).doubleValue());
        }
        if (value instanceof Number) {
            return value;
        }
        if (value instanceof Instant at) {
            return time(at);
        }
        if (value instanceof List<?> list) {
            List<@Nullable Object> copy = new ArrayList<>(list.size());
            list.forEach(element -> copy.add(plain(element)));
            return copy;
        }
        if (value instanceof Map<?, ?> map) {
            Map<String, @Nullable Object> copy = new LinkedHashMap<>();
            map.forEach((key, element) -> copy.put((String) key, plain(element)));
            return copy;
        }
        throw new IllegalArgumentException("JSON was to hold a "
                + value.getClass().getName() + "; it holds only null, booleans, numbers, text, times, lists and maps");
    }

    private static @Nullable Object number(double value) {
        if (Double.isNaN(value)) {
            return null;
        }
        return Double.isInfinite(value) ? (value > 0 ? "Infinity" : "-Infinity") : (Object) value;
    }
}
