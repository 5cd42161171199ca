package io.pipelinev2.core.stage.internal;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Plain values that any store, process or language can carry: null, booleans, finite numbers, text, lists and maps with
 * text keys. NaN and infinities have no JSON form and are refused: what is undefined is null, with a reason beside it.
 */
public final class JsonValues {

    private static final int MAX_DEPTH = 32;

    private JsonValues() {}

    /**
     * An unmodifiable deep copy.
     *
     * @throws IllegalArgumentException if a value is of another type, not finite, or nested deeper than 32 levels; the
     *     message names its path
     */
    public static Map<String, @Nullable Object> checked(Map<String, ? extends @Nullable Object> values) {
        return checked("results", values);
    }

    /**
     * An unmodifiable deep copy.
     *
     * @param what what the values are, to begin their paths with
     * @throws IllegalArgumentException as {@link #checked(Map)}
     */
    public static Map<String, @Nullable Object> checked(String what, Map<String, ? extends @Nullable Object> values) {
        return copyOfMap(values, what, 0);
    }

    private static @Nullable Object copy(@Nullable Object value, String path, int depth) {
        if (depth > MAX_DEPTH) {
            throw new IllegalArgumentException(path + " is nested deeper than " + MAX_DEPTH + " levels");
        }
        if (value == null || value instanceof String || value instanceof Boolean) {
            return value;
        }
        if (value instanceof Double || value instanceof Float) {
            double number = ((Number) value).doubleValue();
            if (!Double.isFinite(number)) {
                throw new IllegalArgumentException(
                        path + " is " + number + ", which JSON cannot hold: use null with a reason beside it");
            }
            return number;
        }
        if (value instanceof Integer || value instanceof Long || value instanceof Short || value instanceof Byte) {
            return ((Number) value).longValue();
        }
        if (value instanceof List<?> list) {
            List<@Nullable Object> copies = new ArrayList<>(list.size());
            for (int i = 0; i < list.size(); i++) {
                copies.add(copy(list.get(i), path + "[" + i + "]", depth + 1));
            }
            return Collections.unmodifiableList(copies);
        }
        if (value instanceof Map<?, ?> map) {
            return copyOfMap(map, path, depth + 1);
        }
        throw new IllegalArgumentException(path + " is a " + value.getClass().getName()
                + "; what is kept holds only null, booleans, finite numbers, text, lists and maps with text keys");
    }

    private static Map<String, @Nullable Object> copyOfMap(Map<?, ?> map, String path, int depth) {
        Map<String, @Nullable Object> copies = new LinkedHashMap<>();
        map.forEach((key, value) -> {
            if (!(key instanceof String name)) {
                throw new IllegalArgumentException(path + " has the key " + key + ", which is not text");
            }
            copies.put(name, copy(value, path + "." + name, depth));
        });
        return Collections.unmodifiableMap(copies);
    }
}
