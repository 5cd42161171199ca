package io.pipelinev2.backtest.overfit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import io.pipelinev2.backtest.Fixtures;
import io.pipelinev2.backtest.metrics.Metric;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

class SharpeStatisticsTest {

    private static final Path OVERFIT = Fixtures.ROOT.resolve("overfit");
    private static final double RELATIVE_PERCENT = 1e-7;

    @Test
    void the_probabilistic_sharpe_ratio_is_the_reference_examples_and_the_papers() {
        JsonNode examples = Fixtures.json(OVERFIT.resolve("psr_mintrl.json")).get("examples");
        assertThat(examples.size()).isEqualTo(4);
        for (JsonNode example : examples) {
            SharpeEstimate estimate = estimate(example, "sr", example.get("T").asInt());
            double benchmark = example.get("sr0").asDouble();

            assertThat(value(estimate.standardError()))
                    .isCloseTo(example.get("se").asDouble(), withinPercentage(RELATIVE_PERCENT));
            assertThat(value(estimate.probabilityAbove(benchmark)))
                    .isCloseTo(example.get("psr").asDouble(), within(1e-9));
            assertThat(value(estimate.minimumTrackRecord(benchmark, 0.95)))
                    .isCloseTo(example.get("min_trl_95").asDouble(), withinPercentage(RELATIVE_PERCENT));
            JsonNode published = example.get("published");
            if (published.has("psr")) {
                assertThat(value(estimate.probabilityAbove(benchmark)))
                        .isCloseTo(published.get("psr").asDouble(), within(0.0005));
            }
            if (published.has("se")) {
                assertThat(value(estimate.standardError()))
                        .isCloseTo(published.get("se").asDouble(), within(0.00005));
                assertThat(value(estimate.minimumTrackRecord(benchmark, 0.95)) / 12)
                        .isCloseTo(published.get("min_trl_years").asDouble(), within(0.00005));
            }
        }
    }

    @Test
    void the_form_is_that_of_2012_and_not_the_revision_of_2025() {
        SharpeEstimate hedgeFund = new SharpeEstimate(0.36 / 0.79, -2.448, 10.164, 24);

        assertThat(value(hedgeFund.probabilityAbove(0)))
                .isCloseTo(0.913, within(0.0006))
                .isLessThan(0.98);
    }

    @Test
    void the_deflated_sharpe_ratio_is_the_papers_example() {
        JsonNode fixture = Fixtures.json(OVERFIT.resolve("dsr_paper_example.json"));
        JsonNode inputs = fixture.get("inputs");
        double variance = inputs.get("var_per_obs").asDouble();
        assertThat(fixture.get("rows").size()).isEqualTo(6);
        for (JsonNode row : fixture.get("rows")) {
            SharpeEstimate estimate = new SharpeEstimate(
                    inputs.get("sr_per_obs").asDouble(),
                    row.get("skew").asDouble(),
                    row.get("kurt_raw").asDouble(),
                    inputs.get("T").asInt());
            double n = row.get("N").asDouble();

            assertThat(DeflatedSharpe.benchmark(variance, n))
                    .isCloseTo(row.get("sr0_per_obs").asDouble(), within(1e-9));
            double deflated = value(DeflatedSharpe.of(estimate, variance, n));
            assertThat(deflated).isCloseTo(row.get("dsr").asDouble(), within(1e-9));
            if (!row.get("published").isNull()) {
                assertThat(deflated).isCloseTo(row.get("published").get("dsr").asDouble(), within(0.00005));
            }
        }
        assertThat(DeflatedSharpe.benchmark(variance, 100)).isCloseTo(0.1132, within(0.00005));
    }

    @Test
    void the_expected_maximum_is_the_papers_approximation_and_near_the_exact_integral() {
        JsonNode rows = Fixtures.json(OVERFIT.resolve("expected_max.json")).get("rows");
        assertThat(rows.size()).isEqualTo(15);
        for (JsonNode row : rows) {
            double approximation = ExpectedMaximum.of(row.get("N").asDouble());
            assertThat(approximation).isCloseTo(row.get("approx").asDouble(), within(1e-9));
            assertThat(approximation).isCloseTo(row.get("exact_integral").asDouble(), within(0.045));
        }
        assertThat(ExpectedMaximum.of(10)).isCloseTo(1.57, within(0.005));
    }

    @Test
    void one_number_has_no_luck_and_more_have_more() {
        assertThat(ExpectedMaximum.of(1)).isZero();
        double before = 0;
        for (double n = 1.01; n < 1e12; n *= 1.3) {
            double now = ExpectedMaximum.of(n);
            assertThat(now).isFinite().isGreaterThanOrEqualTo(before);
            before = now;
        }
        assertThatThrownBy(() -> ExpectedMaximum.of(0.5))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("at least 1, was 0.5");
        assertThatThrownBy(() -> ExpectedMaximum.of(Double.NaN)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void the_minimum_backtest_length_is_the_papers_five_years_for_45_trials() {
        JsonNode years = Fixtures.json(OVERFIT.resolve("expected_max.json")).get("min_btl_years");
        for (int n : new int[] {10, 45, 100, 1000}) {
            assertThat(value(MinimumBacktestLength.years(1, n)))
                    .isCloseTo(years.get("N=" + n + ",SR=1").asDouble(), withinPercentage(RELATIVE_PERCENT));
            assertThat(value(MinimumBacktestLength.years(1, n))).isLessThan(2 * Math.log(n));
        }
        assertThat(value(MinimumBacktestLength.years(1, 45))).isCloseTo(5, within(0.05));
        assertThat(MinimumBacktestLength.years(0, 45).isDefined()).isFalse();
        assertThat(MinimumBacktestLength.years(-1, 45).remark()).contains("not above 0");
        assertThat(value(MinimumBacktestLength.years(1, 1))).isZero();
    }

    /** The table of the quantitative reference: hours, normal returns, variance of noise. */
    @ParameterizedTest
    @CsvSource({
        "1680, 1, 0, 3.76",
        "1680, 100, 5.78, 9.55",
        "1680, 1000, 7.44, 11.21",
        "8760, 100, 2.53, 4.18",
        "26280, 100, 1.46, 2.41"
    })
    void the_hourly_table_is_the_references(int steps, int trials, double luck, double needed) {
        double year = Math.sqrt(8760);
        double variance = 1 / (steps - 1.0);
        assertThat(DeflatedSharpe.benchmark(variance, trials) * year).isCloseTo(luck, within(0.006));
        double below = (needed - 0.015) / year;
        double above = (needed + 0.015) / year;
        assertThat(value(DeflatedSharpe.of(new SharpeEstimate(below, 0, 3, steps), variance, trials)))
                .isLessThan(0.95);
        assertThat(value(DeflatedSharpe.of(new SharpeEstimate(above, 0, 3, steps), variance, trials)))
                .isGreaterThan(0.95);
    }

    /** In hours of a year: 30 years, 10.8 years, 2.7 years, 8.1 months, 3.6 months. */
    @ParameterizedTest
    @CsvSource({"0.3, 30.0, 0.1", "0.5, 10.8, 0.05", "1, 2.7, 0.05", "2, 0.675, 0.005", "3, 0.3, 0.005"})
    void the_minimum_track_records_are_the_references(double annual, double years, double tolerance) {
        SharpeEstimate estimate = new SharpeEstimate(annual / Math.sqrt(8760), 0, 3, 1680);
        assertThat(value(estimate.minimumTrackRecord(0, 0.95)) / 8760).isCloseTo(years, within(tolerance));
    }

    @Test
    void no_record_is_long_enough_for_a_sharpe_ratio_that_is_not_above_the_benchmark() {
        assertThat(new SharpeEstimate(-0.01, 0, 3, 100)
                        .minimumTrackRecord(0, 0.95)
                        .remark())
                .contains("not above 0.0");
        assertThat(new SharpeEstimate(0.02, 0, 3, 100)
                        .minimumTrackRecord(0.02, 0.95)
                        .isDefined())
                .isFalse();
    }

    @Test
    void figures_that_no_series_can_have_leave_no_standard_error_rather_than_a_nan() {
        SharpeEstimate impossible = new SharpeEstimate(1, 5, 1, 10);
        assertThat(impossible.standardError().isDefined()).isFalse();
        assertThat(impossible.probabilityAbove(0).isDefined()).isFalse();
        assertThatThrownBy(() -> new SharpeEstimate(Double.NaN, 0, 3, 10)).hasMessageContaining("sharpe=NaN");
        assertThatThrownBy(() -> new SharpeEstimate(0, 0, 3, 1)).hasMessageContaining("2 steps or more, had 1");
    }

    private static SharpeEstimate estimate(JsonNode example, String sharpe, int steps) {
        return new SharpeEstimate(
                example.get(sharpe).asDouble(),
                example.get("skew").asDouble(),
                example.get("kurt_raw").asDouble(),
                steps);
    }

    private static double value(Metric metric) {
        assertThat(metric.value()).as(metric.remark()).isNotNull();
        return metric.value();
    }
}
