package io.pipelinev2.backtest.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.pipelinev2.backtest.Fixtures;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

class PerformanceMetricsTest {

    @Test
    void a_return_that_is_not_finite_is_refused_with_its_index() {
        assertThatThrownBy(() -> PerformanceMetrics.ofReturns(
                        new double[] {0.01, Double.NaN, 0.02, Double.POSITIVE_INFINITY}, 8760, 0, null))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(
                        vector("15_nan_input").get("expected_error").asString());
    }

    @Test
    void a_bankruptcy_ends_the_series_with_a_total_of_minus_one() {
        PerformanceMetrics metrics = PerformanceMetrics.ofReturns(
                new double[] {0.1, -1.5, 3, 0.2}, 8760, 0, new double[] {0, 0.1, 0.1, 0.1});

        assertThat(metrics.bankrupt()).isTrue();
        assertThat(metrics.get("total_return").value()).isEqualTo(-1);
        assertThat(metrics.get("max_drawdown").value()).isEqualTo(1);
        assertThat(metrics.get("cagr").value()).isEqualTo(-1);
        assertThat(metrics.get("cagr").remark()).contains("bankrupt");
        assertThat(metrics.get("benchmark_total_return").value()).isCloseTo(0.1, within(1e-12));
    }

    @Test
    void an_equity_curve_that_falls_to_nothing_is_a_bankruptcy_too() {
        double[] equity = {500, 400, -20, 30};
        double[] none = new double[3];
        PerformanceMetrics metrics = PerformanceMetrics.ofRun(
                equity,
                8760,
                new EqualWeightBenchmark(none, none),
                new Activity(500, new double[] {400, -20, 30}, none, none, none, none, 0),
                new RoundTrips(1));

        assertThat(metrics.bankrupt()).isTrue();
        assertThat(metrics.get("total_return").value()).isEqualTo(-1);
    }

    @Test
    void an_undefined_figure_is_null_with_its_reason() {
        PerformanceMetrics metrics = PerformanceMetrics.ofReturns(new double[50], 8760, 0, null);

        assertThat(metrics.toMap()).containsEntry("sharpe", null).containsEntry("total_return", 0.0);
        assertThat(metrics.remarks()).containsKeys("sharpe", "sortino", "calmar", "win_rate", "profit_factor");
        assertThat(metrics.remarks().get("cagr")).asString().contains("extrapolated");
        assertThatThrownBy(() -> metrics.get("alpha")).hasMessageContaining("no metric 'alpha'");
    }

    @Test
    void a_metric_is_a_finite_number_or_has_a_reason() {
        assertThatThrownBy(() -> new Metric(Double.NaN, null)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new Metric(null, null)).isInstanceOf(IllegalArgumentException.class);
        assertThat(Metric.of(Double.POSITIVE_INFINITY).isDefined()).isFalse();
    }

    @Test
    void a_figure_compounded_from_a_short_run_says_so() {
        PerformanceMetrics metrics = PerformanceMetrics.ofReturns(new double[] {0.01, -0.005, 0.01}, 8760, 0, null);

        assertThat(metrics.get("cagr").extrapolated()).isTrue();
        assertThat(metrics.get("calmar").extrapolated()).isTrue();
        assertThat(metrics.get("martin_ratio").remark()).contains("extrapolated from 3 steps");
        assertThat(metrics.get("sharpe").extrapolated()).isFalse();
        assertThat(metrics.get("sharpe").remark())
                .contains("scaled up from 3 steps")
                .contains("standard error");
        assertThat(PerformanceMetrics.ofReturns(new double[] {0.01, -0.005, 0.01}, 12, 0, null)
                        .get("cagr")
                        .extrapolated())
                .isFalse();
    }

    @Test
    void the_standard_error_of_an_hourly_sharpe_is_that_of_the_documentation() {
        double[] coins = new double[1680];
        for (int i = 0; i < coins.length; i++) {
            coins[i] = Normal.quantile((i + 0.5) / coins.length) / 100;
        }
        double error = PerformanceMetrics.ofReturns(coins, 8760, 0, null)
                .get("sharpe_se_per_step")
                .value();

        assertThat(error * Math.sqrt(8760)).isCloseTo(2.28, within(0.005));
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void the_figures_of_v1_and_v2_differ_as_their_formulas_do(int trial) {
        double[] equity = Fixtures.array(trial, "expected_equity_numpy2").toArray();
        LegacyV1Metrics first = LegacyV1Metrics.of(equity);
        LegacyV2Metrics second = LegacyV2Metrics.of(equity);

        assertThat(first.totalReturn()).isEqualTo(second.totalReturn());
        assertThat(first.maxDrawdown()).isEqualTo(-second.maxDrawdown()).isPositive();
        assertThat(first.sharpe()).isCloseTo(second.sharpe() * Math.sqrt(8760.0 / 6048), within(1e-3));
        assertThat(first.sharpe())
                .isCloseTo(
                        PerformanceMetrics.ofReturns(Series.returnsOf(equity), 8760, 0, null)
                                .get("sharpe_original")
                                .value(),
                        within(1e-9));
        assertThat(first.metrics().keySet()).containsExactly("total_return", "sharpe", "max_drawdown", "volatility");
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void legacy_figures_are_the_originals(int trial) {
        LegacyV2Metrics metrics = LegacyV2Metrics.of(
                Fixtures.array(trial, "expected_equity_numpy2").toArray());
        JsonNode expected = Fixtures.json(Fixtures.trial(trial).resolve("expected_numpy2.json"));

        for (Map.Entry<String, Object> figure : metrics.toMap().entrySet()) {
            double original = expected.get(figure.getKey()).asDouble();
            assertThat(((Number) figure.getValue()).doubleValue())
                    .as(figure.getKey())
                    .isCloseTo(original, within(1e-9 * Math.abs(original)));
        }
    }

    private static JsonNode vector(String name) {
        return Fixtures.json(Fixtures.ROOT.resolve("metrics").resolve(name + ".json"));
    }
}
