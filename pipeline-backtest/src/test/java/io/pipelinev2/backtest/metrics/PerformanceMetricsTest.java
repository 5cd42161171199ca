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

    @ParameterizedTest
    @ValueSource(
            strings = {
                "01_normal_hourly",
                "03_daily_equity_252_rf2pct",
                "04_constant_positive",
                "05_all_zero_no_trades",
                "06_single_point",
                "08_huge_outlier",
                "12_two_points",
                "13_empty"
            })
    void every_figure_is_the_reference_vectors(String name) {
        JsonNode vector = vector(name);
        PerformanceMetrics metrics = PerformanceMetrics.ofReturns(
                doubles(vector.get("returns")),
                vector.get("periods_per_year").asDouble(),
                vector.get("rf_annual").asDouble(),
                vector.get("benchmark_returns").isNull() ? null : doubles(vector.get("benchmark_returns")));

        assertThat(metrics.all()).hasSizeGreaterThanOrEqualTo(19);
        metrics.all()
                .forEach((key, metric) ->
                        assertSame(key, metric, vector.get("expected").get(key)));
    }

    @Test
    void what_was_done_with_the_capital_is_the_reference_portfolios() {
        JsonNode vector = vector("20_portfolio");
        double[] equity = doubles(vector.get("equity"));
        double[] cash = doubles(vector.get("cash"));
        double[] invested = new double[equity.length];
        for (int i = 0; i < equity.length; i++) {
            invested[i] = equity[i] - cash[i];
        }
        PerformanceMetrics metrics = PerformanceMetrics.ofActivity(
                new Activity(equity, invested, doubles(vector.get("traded_value")), doubles(vector.get("fees"))),
                vector.get("periods_per_year").asDouble());

        assertThat(metrics.all()).hasSize(5);
        metrics.all()
                .forEach((key, metric) ->
                        assertSame(key, metric, vector.get("expected").get(key)));
    }

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
        PerformanceMetrics metrics = PerformanceMetrics.ofEquity(
                equity,
                8760,
                new double[3],
                new Activity(new double[] {400, -20, 30}, new double[3], new double[3], new double[3]));

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

    private static void assertSame(String key, Metric metric, JsonNode expected) {
        assertThat(expected).as("%s in the reference vector", key).isNotNull();
        if (expected.isNull()) {
            assertThat(metric.value()).as(key).isNull();
            assertThat(metric.remark()).as(key).isNotBlank();
        } else {
            double value = expected.asDouble();
            assertThat(metric.value())
                    .as(key)
                    .isNotNull()
                    .isCloseTo(value, within(Math.max(1e-12, 1e-9 * Math.abs(value))));
        }
    }

    private static JsonNode vector(String name) {
        return Fixtures.json(Fixtures.ROOT.resolve("metrics").resolve(name + ".json"));
    }

    private static double[] doubles(JsonNode array) {
        double[] values = new double[array.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = array.get(i).asDouble();
        }
        return values;
    }
}
