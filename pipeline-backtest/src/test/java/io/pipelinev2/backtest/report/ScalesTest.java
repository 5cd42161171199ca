package io.pipelinev2.backtest.report;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import org.junit.jupiter.api.Test;

class ScalesTest {

    @Property(tries = 300)
    void ticks_are_few_ascending_and_within_the_range(
            @ForAll @DoubleRange(min = -1e9, max = 1e9) double from,
            @ForAll @DoubleRange(min = 0.01, max = 1e9) double width) {
        List<Double> ticks = Ticks.linear(from, from + width, 6);

        assertThat(ticks).hasSizeLessThanOrEqualTo(25).isSorted();
        assertThat(ticks)
                .allSatisfy(tick ->
                        assertThat(tick).isBetween(from - width * 1e-6 - 1e-6, from + width * (1 + 1e-6) + 1e-6));
    }

    @Test
    void ticks_are_round_numbers() {
        assertThat(Ticks.linear(0, 70, 8)).containsExactly(0.0, 10.0, 20.0, 30.0, 40.0, 50.0, 60.0, 70.0);
        assertThat(Ticks.decimals(0, 0.9, 5)).isEqualTo(1);
        assertThat(Ticks.logarithmic(0.9, 120, 6)).contains(1.0, 10.0, 100.0);
    }

    @Test
    void a_flat_range_has_a_width_and_outliers_stay_on_the_edge() {
        assertThat(Scale.linear(5, 5, 0, 100).at(5)).isCloseTo(50, within(1e-9));
        assertThat(Scale.linear(0, 0, 0, 100).at(0)).isCloseTo(50, within(1e-9));
        assertThat(Scale.of(1, 100, 0, 100, true).at(10)).isCloseTo(50, within(1e-9));
        assertThat(Scale.of(1, 100, 0, 100, true).at(0)).isZero();
        assertThat(Scale.linear(-1e308, 1e308, 0, 100).at(0)).isCloseTo(50, within(1e-9));
    }

    @Test
    void numbers_are_for_people() {
        assertThat(Numbers.percent(0.12345)).isEqualTo("12.3\u00a0%");
        assertThat(Numbers.change(-0.0123)).isEqualTo("\u22121.23\u00a0%");
        assertThat(Numbers.change(0.5)).isEqualTo("+50.0\u00a0%");
        assertThat(Numbers.change(0)).isEqualTo("0.00\u00a0%");
        assertThat(Numbers.signed(Numbers.change(0.5))).isEqualTo("+50.0\u00a0%");
        assertThat(Numbers.decimals(-0.0001, 2)).isEqualTo("0.00");
        assertThat(Numbers.decimals(1234567.891, 1)).isEqualTo("1,234,567.9");
        assertThat(Numbers.decimals(7e37, 2)).isEqualTo("7.00e37");
        assertThat(Numbers.significant(0.00001234)).isEqualTo("0.0000123");
        assertThat(Numbers.percent(1e308)).doesNotContain("\u221e");
    }
}
