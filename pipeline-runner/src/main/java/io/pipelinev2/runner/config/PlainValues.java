package io.pipelinev2.runner.config;

import io.pipelinev2.runner.config.JsonValue.Items;
import io.pipelinev2.runner.config.JsonValue.Members;
import io.pipelinev2.runner.config.JsonValue.Numeral;
import io.pipelinev2.runner.config.JsonValue.Text;
import io.pipelinev2.runner.config.JsonValue.Truth;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Values of the file as plain ones of Java, for readers that are not ours. */
final class PlainValues {

    private static final Pattern WHOLE = Pattern.compile("-?[0-9]+");

    private PlainValues() {}

    static Map<String, @Nullable Object> settings(JsonValue value) {
        if (value instanceof Members members) {
            return map(members);
        }
        throw new IllegalArgumentException("an object { … }");
    }

    private static Map<String, @Nullable Object> map(Members members) {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        members.values().forEach((name, member) -> map.put(name, plain(member.value())));
        return map;
    }

    /** Any value; a number that Java has no type for is text. */
    static @Nullable Object of(JsonValue value) {
        try {
            return plain(value);
        } catch (IllegalArgumentException e) {
            return value.shown();
        }
    }

    private static @Nullable Object plain(JsonValue value) {
        if (value instanceof Text text) {
            return text.value();
        }
        if (value instanceof Truth truth) {
            return truth.value();
        }
        if (value instanceof Numeral numeral) {
            return WHOLE.matcher(numeral.written()).matches() ? (Object) whole(numeral) : (Object) number(numeral);
        }
        if (value instanceof Items items) {
            List<@Nullable Object> list = new ArrayList<>();
            items.values().forEach(item -> list.add(plain(item)));
            return list;
        }
        return value instanceof Members members ? map(members) : null;
    }

    private static long whole(Numeral numeral) {
        try {
            return numeral.value().longValueExact();
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException(
                    "an object whose whole numbers have at most 64 bits, unlike %s: write it as text"
                            .formatted(numeral.shown()),
                    e);
        }
    }

    private static double number(Numeral numeral) {
        double number = numeral.value().doubleValue();
        if (Double.isFinite(number)) {
            return number;
        }
        throw new IllegalArgumentException(
                "an object whose numbers a double can hold, unlike %s: write it as text".formatted(numeral.shown()));
    }
}
