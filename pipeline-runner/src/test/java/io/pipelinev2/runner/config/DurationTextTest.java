package io.pipelinev2.runner.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.math.BigDecimal;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DurationTextTest {

    @ParameterizedTest
    @CsvSource({
        "500ms, PT0.5S",
        "30s, PT30S",
        "5m, PT5M",
        "2h, PT2H",
        "90d, PT2160H",
        "0s, PT0S",
        "60, PT1M",
        "1.5h, PT1H30M",
        "0.25, PT0.25S",
        "'2 h', PT2H",
        "36500d, PT876000H"
    })
    void reads_what_people_write(String text, Duration expected) {
        assertThat(DurationText.parse(text)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "s", "-1s", "5 minutes", "1h30m", "36501d", "99999999999999999999d", "1e3", "PT5M", "٣s"})
    void refuses_what_is_no_duration(String text) {
        assertThatThrownBy(() -> DurationText.parse(text))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(DurationText.FORMS);
    }

    @Test
    void numbers_of_any_magnitude_are_judged_at_once() {
        assertThat(DurationText.ofSeconds(new BigDecimal("1e-999999999"))).isZero();
        assertThat(DurationText.ofSeconds(new BigDecimal("0e999999999"))).isZero();
        assertThatThrownBy(() -> DurationText.ofSeconds(new BigDecimal("1e999999999")))
                .isInstanceOf(IllegalArgumentException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0s", "500ms", "1.5s", "30s", "5m", "90m", "2h", "36h", "90d"})
    void writes_the_shortest_exact_form(String text) {
        assertThat(DurationText.of(DurationText.parse(text))).isEqualTo(text);
    }
}
