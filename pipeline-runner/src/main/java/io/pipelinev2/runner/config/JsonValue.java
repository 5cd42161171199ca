package io.pipelinev2.runner.config;

import java.math.BigDecimal;
import java.util.List;
import java.util.Map;

/** A value of the file, with the line on which it begins. */
sealed interface JsonValue {

    int line();

    /** The value as a message shows it. */
    String shown();

    record Text(int line, String value) implements JsonValue {
        @Override
        public String shown() {
            return Shown.quoted(value);
        }
    }

    record Numeral(int line, String written, BigDecimal value) implements JsonValue {
        @Override
        public String shown() {
            return Shown.shortened(written);
        }
    }

    record Truth(int line, boolean value) implements JsonValue {
        @Override
        public String shown() {
            return String.valueOf(value);
        }
    }

    record Null(int line) implements JsonValue {
        @Override
        public String shown() {
            return "null";
        }
    }

    record Items(int line, List<JsonValue> values) implements JsonValue {
        @Override
        public String shown() {
            return values.isEmpty() ? "an empty list" : "a list";
        }
    }

    record Members(int line, Map<String, Member> values) implements JsonValue {
        static final Members NONE = new Members(Faults.NO_LINE, Map.of());

        @Override
        public String shown() {
            return "an object";
        }
    }

    /** A named value; the line is that of the name. */
    record Member(int line, JsonValue value) {}
}
