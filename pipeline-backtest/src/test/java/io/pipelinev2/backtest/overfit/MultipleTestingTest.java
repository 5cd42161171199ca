package io.pipelinev2.backtest.overfit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.pipelinev2.backtest.metrics.Metric;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class MultipleTestingTest {

    /** Harvey and Liu's six tests, of which Bonferroni finds one, Holm two and BHY four. */
    private static final double[] P = {0.005, 0.009, 0.0128, 0.0135, 0.045, 0.06};

    @Test
    void the_papers_list_of_six_tests_has_its_discoveries() {
        assertThat(discoveries(Arrays.stream(P)
                        .map(p -> MultipleTesting.bonferroni(p, 6))
                        .toArray()))
                .isEqualTo(1);
        assertThat(discoveries(MultipleTesting.holm(P, 6))).isEqualTo(2);
        assertThat(discoveries(MultipleTesting.bhy(P, 6))).isEqualTo(4);
        assertThat(MultipleTesting.holm(P, 6))
                .containsExactly(new double[] {0.03, 0.045, 0.0512, 0.0512, 0.09, 0.09}, within(1e-12));
    }

    /** A Sharpe ratio of 0.75 over 20 years among 200 tests; on paper p .0008 becomes .15 and .32 is left, a cut of 60 %. */
    @Test
    void the_papers_worked_example_has_its_haircut() {
        int months = 240;
        double monthly = 0.75 / Math.sqrt(12);
        double p = MultipleTesting.pValue(monthly, months);
        double adjusted = MultipleTesting.sidak(p, 200);

        assertThat(p).isCloseTo(0.0008, within(0.00005));
        assertThat(adjusted).isCloseTo(0.147, within(0.0005));
        assertThat(value(MultipleTesting.haircutSharpe(adjusted, months)) * Math.sqrt(12))
                .isCloseTo(0.32, within(0.005));
    }

    @Test
    void the_order_of_the_tests_does_not_matter() {
        double[] shuffled = {0.06, 0.0128, 0.005, 0.045, 0.009, 0.0135};
        assertThat(sorted(MultipleTesting.holm(shuffled, 6))).containsExactly(sorted(MultipleTesting.holm(P, 6)));
        assertThat(sorted(MultipleTesting.bhy(shuffled, 6))).containsExactly(sorted(MultipleTesting.bhy(P, 6)));
        assertThat(MultipleTesting.holm(shuffled, 6)[2]).isEqualTo(MultipleTesting.holm(P, 6)[0]);
    }

    @Test
    void tests_without_a_p_value_count_as_tests() {
        double[] alone = {0.01};
        assertThat(MultipleTesting.holm(alone, 30)[0]).isCloseTo(0.3, within(1e-12));
        assertThat(MultipleTesting.bhy(alone, 2)[0]).isCloseTo(0.03, within(1e-12));
        assertThat(MultipleTesting.bhy(alone, 5_000_000)[0]).isEqualTo(1);
        assertThatThrownBy(() -> MultipleTesting.holm(P, 5)).hasMessageContaining("at least 6, was 5");
    }

    @Test
    void a_single_test_is_left_as_it_is() {
        double p = MultipleTesting.pValue(0.05, 1680);
        assertThat(MultipleTesting.bonferroni(p, 1)).isEqualTo(p);
        assertThat(MultipleTesting.sidak(p, 1)).isCloseTo(p, within(1e-15));
        assertThat(value(MultipleTesting.haircutSharpe(p, 1680))).isCloseTo(0.05, within(1e-9));
    }

    @Test
    void the_ends_of_the_scale_give_numbers_or_reasons() {
        assertThat(MultipleTesting.pValue(0, 100)).isCloseTo(1, within(1e-12));
        assertThat(MultipleTesting.sidak(1, 100)).isEqualTo(1);
        assertThat(MultipleTesting.sidak(1e-18, 10)).isCloseTo(1e-17, within(1e-25));
        assertThat(value(MultipleTesting.haircutSharpe(1, 100))).isCloseTo(0, within(1e-12));
        assertThat(MultipleTesting.haircutSharpe(MultipleTesting.pValue(10, 1680), 1680)
                        .remark())
                .contains("too small");
    }

    private static long discoveries(double[] adjusted) {
        return Arrays.stream(adjusted).filter(p -> p <= 0.05).count();
    }

    private static double[] sorted(double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted;
    }

    private static double value(Metric metric) {
        assertThat(metric.value()).as(metric.remark()).isNotNull();
        return metric.value();
    }
}
