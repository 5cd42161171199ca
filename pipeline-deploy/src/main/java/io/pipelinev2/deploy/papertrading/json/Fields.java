package io.pipelinev2.deploy.papertrading.json;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The fields of a JSON object, each asked for with the type it must have; {@link MalformedException} if it has another.
 */
public final class Fields {

    private final String source;
    private final Map<String, @Nullable Object> values;

    public Fields(String source, Map<String, @Nullable Object> values) {
        this.source = source;
        this.values = values;
    }

    public String text(String name) {
        return value(name) instanceof String text ? text : wrong(name, "text");
    }

    public @Nullable String textOrNull(String name) {
        return values.get(name) == null ? null : text(name);
    }

    public double number(String name) {
        return finite(name, value(name));
    }

    public boolean flag(String name) {
        return value(name) instanceof Boolean flag ? flag : wrong(name, "true or false");
    }

    /** Whether there is a field of this name with a value. */
    public boolean has(String name) {
        return values.get(name) != null;
    }

    public long whole(String name) {
        Object value = value(name);
        return value instanceof Integer || value instanceof Long
                ? ((Number) value).longValue()
                : wrong(name, "a whole number");
    }

    public int count(String name) {
        long value = whole(name);
        return value >= 0 && value <= Integer.MAX_VALUE ? (int) value : wrong(name, "a whole number of 0 or more");
    }

    public Instant time(String name) {
        try {
            return Instant.parse(text(name));
        } catch (DateTimeException e) {
            return wrong(name, "a time in UTC");
        }
    }

    public Fields object(String name) {
        return new Fields(source, map(name));
    }

    public Map<String, @Nullable Object> map(String name) {
        if (!(value(name) instanceof Map<?, ?> map)) {
            return wrong(name, "an object");
        }
        return copy(map);
    }

    public List<String> texts(String name) {
        if (value(name) instanceof List<?> list && list.stream().allMatch(String.class::isInstance)) {
            return list.stream().map(String.class::cast).toList();
        }
        return wrong(name, "a list of texts");
    }

    public List<Double> numbers(String name) {
        if (!(value(name) instanceof List<?> list)) {
            return wrong(name, "a list of numbers");
        }
        List<Double> numbers = new ArrayList<>(list.size());
        for (Object element : list) {
            numbers.add(finite(name, element));
        }
        return numbers;
    }

    /** A list of objects; none where there is no such field, as in files of earlier versions. */
    public List<Fields> objectsOrNone(String name) {
        if (!values.containsKey(name)) {
            return List.of();
        }
        if (!(value(name) instanceof List<?> list)) {
            return wrong(name, "a list of objects");
        }
        List<Fields> objects = new ArrayList<>(list.size());
        for (Object element : list) {
            objects.add(
                    element instanceof Map<?, ?> map
                            ? new Fields(source, copy(map))
                            : wrong(name, "a list of objects"));
        }
        return objects;
    }

    private static Map<String, @Nullable Object> copy(Map<?, ?> map) {
        Map<String, @Nullable Object> copy = new LinkedHashMap<>();
        map.forEach((key, value) -> copy.put(String.valueOf(key), value));
        return copy;
    }

    private double finite(String name, @Nullable Object value) {
        if (value instanceof Number number && Double.isFinite(number.doubleValue())) {
            return number.doubleValue();
        }
        return wrong(name, "a finite number");
    }

    private @Nullable Object value(String name) {
        if (!values.containsKey(name)) {
            throw new MalformedException(source + " has no field '" + name + "'");
        }
        return values.get(name);
    }

    private <T> T wrong(String name, String rule) {
        throw new MalformedException(source + " has a field '" + name + "' that is not " + rule);
    }
}
