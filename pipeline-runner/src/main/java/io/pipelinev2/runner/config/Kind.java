package io.pipelinev2.runner.config;

import io.pipelinev2.runner.config.JsonValue.Items;
import io.pipelinev2.runner.config.JsonValue.Numeral;
import io.pipelinev2.runner.config.JsonValue.Text;
import io.pipelinev2.runner.config.JsonValue.Truth;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.List;

/** How a value of the file becomes one of Java's. */
@FunctionalInterface
interface Kind<T> {

    Kind<String> TEXT = value -> {
        if (value instanceof Text text) {
            return text.value();
        }
        throw new IllegalArgumentException("text in quotes");
    };

    Kind<Boolean> FLAG = value -> {
        if (value instanceof Truth truth) {
            return truth.value();
        }
        throw new IllegalArgumentException("true or false, without quotes");
    };

    Kind<Long> LONG = value -> whole(value, Long.MIN_VALUE, Long.MAX_VALUE);

    Kind<Integer> INTEGER = value -> (int) whole(value, Integer.MIN_VALUE, Integer.MAX_VALUE);

    Kind<Double> NUMBER = value -> {
        if (value instanceof Numeral numeral) {
            double number = numeral.value().doubleValue();
            if (Double.isFinite(number)) {
                return number;
            }
        }
        throw new IllegalArgumentException("a number that a double can hold, without quotes");
    };

    Kind<Duration> DURATION = value -> {
        if (value instanceof Numeral numeral) {
            return DurationText.ofSeconds(numeral.value());
        }
        if (value instanceof Text text) {
            return DurationText.parse(text.value());
        }
        throw new IllegalArgumentException(DurationText.FORMS);
    };

    Kind<Long> SIZE = value -> {
        if (value instanceof Numeral numeral) {
            return SizeText.ofBytes(numeral.value());
        }
        if (value instanceof Text text) {
            return SizeText.parse(text.value());
        }
        throw new IllegalArgumentException(SizeText.FORMS);
    };

    /**
     * Reads the value.
     *
     * @throws IllegalArgumentException if it is of another kind; the message continues "but must be"
     */
    T read(JsonValue value);

    /** Lists of this kind. */
    default Kind<List<T>> list() {
        return value -> {
            if (value instanceof Items items) {
                return items.values().stream().map(this::item).toList();
            }
            throw new IllegalArgumentException("a list [ … ]");
        };
    }

    private T item(JsonValue item) {
        try {
            return read(item);
        } catch (IllegalArgumentException e) {
            throw new IllegalArgumentException(
                    "a list of which each is %s, unlike %s".formatted(e.getMessage(), item.shown()), e);
        }
    }

    private static long whole(JsonValue value, long least, long most) {
        if (!(value instanceof Numeral numeral)) {
            throw new IllegalArgumentException("a whole number, without quotes");
        }
        BigDecimal number = numeral.value();
        if (number.compareTo(BigDecimal.valueOf(least)) < 0 || number.compareTo(BigDecimal.valueOf(most)) > 0) {
            throw new IllegalArgumentException("a whole number from %d to %d".formatted(least, most));
        }
        try {
            return number.longValueExact();
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException("a whole number", e);
        }
    }
}
