package io.pipelinev2.runner.http.html;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class FiguresTest {

    @Test
    void numbers_are_grouped_and_have_a_true_minus_sign() {
        assertThat(Figures.number(1234.567, 2)).isEqualTo("1,234.57");
        assertThat(Figures.number(-0.5, 2)).isEqualTo("−0.50");
        assertThat(Figures.number(-0.0001, 2)).isEqualTo("0.00");
        assertThat(Figures.number(1e300, 2)).isEqualTo("1.000e+300");
    }

    @Test
    void infinite_and_missing_numbers_have_signs_of_their_own() {
        assertThat(Figures.number(Double.POSITIVE_INFINITY, 2)).isEqualTo("∞");
        assertThat(Figures.number(Double.NEGATIVE_INFINITY, 2)).isEqualTo("−∞");
        assertThat(Figures.number(null, 2)).isEqualTo("–");
    }

    @Test
    void changes_always_show_their_direction() {
        assertThat(Figures.change(0.1261)).isEqualTo("+12.61 %");
        assertThat(Figures.change(-0.05)).isEqualTo("−5.00 %");
        assertThat(Figures.change(0.0)).isEqualTo("0.00 %");
    }

    @Test
    void times_ago_have_one_unit() {
        Instant now = Instant.parse("2026-01-29T21:30:00Z");
        assertThat(Figures.ago(now.plusSeconds(9), now)).isEqualTo("just now");
        assertThat(Figures.ago(now.minusSeconds(12), now)).isEqualTo("12 s ago");
        assertThat(Figures.ago(now.minus(Duration.ofMinutes(59)), now)).isEqualTo("59 min ago");
        assertThat(Figures.ago(now.minus(Duration.ofDays(3)), now)).isEqualTo("3 days ago");
    }
}
