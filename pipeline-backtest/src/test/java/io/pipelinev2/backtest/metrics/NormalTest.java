package io.pipelinev2.backtest.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Against values computed with 50 digits. */
class NormalTest {

    private static final double RELATIVE = 1e-14;

    @ParameterizedTest
    @CsvSource({
        "-37.5, 4.6053530095819548e-308",
        "-30, 4.9067139271481871e-198",
        "-20, 2.7536241186062337e-89",
        "-10, 7.6198530241605261e-24",
        "-8.3, 5.205569744890254e-17",
        "-6, 9.8658764503769814e-10",
        "-5.7, 5.9903714010635282e-9",
        "-5.6, 1.0717590258310929e-8",
        "-4, 3.1671241833119921e-5",
        "-3, 0.0013498980316300945",
        "-2.326347874040841, 0.0099999999999999973",
        "-1.959963984540054, 0.025000000000000011",
        "-1, 0.15865525393145705",
        "-0.7, 0.24196365222307303",
        "-0.67, 0.2514288950953101",
        "-0.5, 0.3085375387259869",
        "-0.1, 0.46017216272297102",
        "-1e-08, 0.4999999960105772",
        "0, 0.5",
        "1e-08, 0.5000000039894228",
        "0.3, 0.61791142218895263",
        "0.6744, 0.74997147862705939",
        "0.675, 0.750162117528223",
        "1, 0.84134474606854295",
        "1.6448536269514722, 0.94999999999999995",
        "2.5, 0.99379033467422386",
        "4, 0.99996832875816688",
        "6, 0.99999999901341235",
        "8, 0.99999999999999938"
    })
    void probabilities_keep_their_digits_in_the_tails(double x, double expected) {
        assertThat(Normal.cdf(x)).isCloseTo(expected, within(RELATIVE * expected));
    }

    @ParameterizedTest
    @CsvSource({
        "1e-300, -37.047096299361199",
        "1e-100, -21.273453560965324",
        "1e-50, -14.933337534788489",
        "1e-20, -9.2623400897984076",
        "1e-12, -7.0344838253011319",
        "1e-06, -4.753424308822899",
        "0.0001, -3.7190164854556806",
        "0.001, -3.0902323061678135",
        "0.01, -2.3263478740408411",
        "0.025, -1.9599639845400542",
        "0.05, -1.6448536269514727",
        "0.07, -1.4757910281791707",
        "0.075, -1.4395314709384559",
        "0.1, -1.2815515655446004",
        "0.25, -0.67448975019608174",
        "0.4, -0.25334710313579974",
        "0.5, 0.0",
        "0.6, 0.25334710313579974",
        "0.9, 1.2815515655446006",
        "0.95, 1.6448536269514723",
        "0.975, 1.9599639845400539",
        "0.99, 2.3263478740408408",
        "0.9999, 3.7190164854557084",
        "0.999999, 4.7534243088170878"
    })
    void quantiles_keep_their_digits_in_the_tails(double p, double expected) {
        assertThat(Normal.quantile(p)).isCloseTo(expected, within(RELATIVE * Math.abs(expected)));
    }

    @Property(tries = 300)
    void a_quantile_is_the_inverse_of_the_probability(@ForAll @DoubleRange(min = -8, max = 8) double x) {
        double below = -Math.abs(x);

        assertThat(Normal.quantile(Normal.cdf(below))).isCloseTo(below, within(1e-12));
        assertThat(Normal.cdf(x) + Normal.cdf(-x)).isCloseTo(1, within(1e-15));
    }

    @Property(tries = 300)
    void a_probability_grows_with_its_value(
            @ForAll @DoubleRange(min = -40, max = 40) double a, @ForAll @DoubleRange(min = -40, max = 40) double b) {
        assertThat(Normal.cdf(Math.min(a, b))).isLessThanOrEqualTo(Normal.cdf(Math.max(a, b)));
    }

    @Test
    void the_ends_of_the_line_are_certain() {
        assertThat(Normal.cdf(Double.NEGATIVE_INFINITY)).isZero();
        assertThat(Normal.cdf(Double.POSITIVE_INFINITY)).isOne();
        assertThat(Normal.cdf(Double.MAX_VALUE)).isOne();
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 1, -0.1, 1.1, Double.NaN})
    void what_has_no_finite_quantile_is_refused(double p) {
        assertThatThrownBy(() -> Normal.quantile(p)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void not_a_number_has_no_probability() {
        assertThatThrownBy(() -> Normal.cdf(Double.NaN)).isInstanceOf(IllegalArgumentException.class);
    }
}
