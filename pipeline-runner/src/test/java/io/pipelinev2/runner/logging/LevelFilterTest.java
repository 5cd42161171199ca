package io.pipelinev2.runner.logging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LevelFilterTest {

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"timestamp\":\"2026-01-01T00:00:00Z\",\"message\":\"m\",\"level\":\"WARN\"} | WARN",
                "{\"message\":\"it said \\\"level\\\":\\\"ERROR\\\"\",\"level\":\"INFO\"} | INFO",
                "{\"levelname\": \"warning\", \"msg\": \"as Python does\"} | WARN",
                "2026-01-29 20:00:00,123 - trader - CRITICAL - no connection | ERROR",
                "2026-01-29T20:00:00Z INFO  bar 12 | INFO",
                "12:00:01.000 [main] DEBUG io.pipelinev2.X -- quiet | DEBUG",
                "[2026-01-29 20:00:00] [WARNING] late | WARN",
                "WARNING:root:from Python | WARN",
                "[ERROR] from Maven | ERROR",
                "SEVERE: from java.util.logging | ERROR",
                "java.lang.IllegalStateException: an ERROR | ",
                "the INFO desk is closed | ",
                "INFORMATION is no level | ",
                "    at io.pipelinev2.X.y(X.java:12) | ",
                "{\"no\": \"level\"} | ",
                "{ \"level\": 30 } | "
            })
    void a_line_says_how_grave_it_is_or_does_not(String line, LogLevel level) {
        assertThat(LogLevel.in(line)).isEqualTo(level);
    }

    @Test
    void what_says_nothing_belongs_to_the_line_before() {
        LevelFilter filter = new LevelFilter(LogLevel.WARN, null);

        assertThat(List.of(
                                "written before anything was said",
                                "2026-01-29 20:00:00 INFO begun",
                                "  with details",
                                "2026-01-29 20:00:01 ERROR failed",
                                "java.lang.IllegalStateException: why",
                                "    at X.y",
                                "2026-01-29 20:00:02 DEBUG over")
                        .stream()
                        .filter(filter))
                .containsExactly(
                        "written before anything was said",
                        "2026-01-29 20:00:01 ERROR failed",
                        "java.lang.IllegalStateException: why",
                        "    at X.y");
        assertThat(filter.last()).isEqualTo(LogLevel.DEBUG);
        assertThat(new LevelFilter(LogLevel.WARN, LogLevel.DEBUG).test("  goes on"))
                .isFalse();
        assertThat(new LevelFilter(LogLevel.WARN, LogLevel.ERROR).test("  goes on"))
                .isTrue();
    }

    @Test
    void labels_are_those_of_settings() {
        assertThat(LogLevel.labels()).containsExactly("trace", "debug", "info", "warn", "error");
        assertThat(LogLevel.of("warn")).isEqualTo(LogLevel.WARN);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LogLevel.of("WARNING"))
                .withMessage("level must be one of: trace, debug, info, warn, error, was WARNING");
    }
}
