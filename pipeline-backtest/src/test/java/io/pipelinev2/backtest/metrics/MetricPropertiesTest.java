package io.pipelinev2.backtest.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.DoubleRange;

class MetricPropertiesTest {

    @Property(tries = 500)
    void a_figure_is_finite_or_has_a_reason_whatever_the_series(
            @ForAll("nasty") double[] returns,
            @ForAll("nasty") double[] benchmark,
            @ForAll @DoubleRange(min = -0.5, max = 5) double riskFree) {
        double[] market = new double[returns.length];
        System.arraycopy(benchmark, 0, market, 0, Math.min(market.length, benchmark.length));
        Map<String, Metric> metrics =
                PerformanceMetrics.ofReturns(returns, 8760, riskFree, market).all();

        // That numbers are finite and gaps have reasons, a metric checks when it is made.
        assertThat(metrics).hasSize(68);
        assertThat(MetricGlossary.names()).containsAll(metrics.keySet());
        assertWithin(metrics, "max_drawdown", 0, 1);
        assertWithin(metrics, "avg_drawdown", 0, 1);
        assertWithin(metrics, "ulcer_index", 0, 1);
        assertWithin(metrics, "win_rate", 0, 1);
        assertWithin(metrics, "psr_vs_0", 0, 1);
        assertWithin(metrics, "r_squared", 0, 1);
        assertWithin(metrics, "correlation", -1, 1);
        assertWithin(metrics, "stability_r2", 0, 1);
        assertWithin(metrics, "total_return", -1, Double.MAX_VALUE);
        assertWithin(metrics, "min_equity", 0, 1);
        assertWithin(metrics, "longest_underwater_steps", 0, returns.length);
        assertOrder(metrics, "worst", "cvar99_hist");
        assertOrder(metrics, "cvar95_hist", "var95_hist");
        assertOrder(metrics, "cvar99_hist", "var99_hist");
        assertOrder(metrics, "var99_hist", "var95_hist");
        assertOrder(metrics, "var95_hist", "best");
        assertOrder(metrics, "avg_drawdown", "max_drawdown");
        assertOrder(metrics, "longest_underwater_steps", "longest_dd_peak_to_recovery_steps");
        assertOrder(metrics, "std_population", "std_sample");
        assertOrder(metrics, "max_dd_peak_index", "max_dd_trough_index");
        assertOrder(metrics, "max_dd_trough_index", "max_dd_recovery_index");
    }

    @Property(tries = 300)
    void round_trips_are_finite_or_have_a_reason(@ForAll("nasty") double[] earned) {
        Map<String, Metric> figures = new LinkedHashMap<>();
        RoundTripMetrics.add(earned, figures);

        assertThat(figures).hasSize(8);
        assertWithin(figures, "win_rate_trades", 0, 1);
        assertThat(figures.get("round_trips").value()).isEqualTo(earned.length);
    }

    @Property(tries = 200)
    void activity_is_finite_or_has_a_reason(@ForAll("positive") double[] equity, @ForAll("positive") double[] values) {
        double[] other = new double[equity.length];
        System.arraycopy(values, 0, other, 0, Math.min(other.length, values.length));
        double[] flat = new double[equity.length];
        Map<String, Metric> figures = new LinkedHashMap<>();
        new Activity(1, equity, other, other, other, other, 1).add(8760, new EqualWeightBenchmark(flat, flat), figures);

        assertThat(figures).hasSize(14);
        assertWithin(figures, "exposure_time", 0, 1);
        assertOrder(figures, "gross_exposure_mean", "gross_exposure_max");
    }

    @Property(tries = 200)
    void what_was_earned_and_what_is_held_is_together_the_gain(@ForAll("fills") double[] fills) {
        RoundTrips trips = new RoundTrips(2);
        double[] held = new double[2];
        double cash = 0;
        double price = 100;
        double size = 1;
        for (int i = 0; i + 1 < fills.length; i += 2) {
            int asset = i / 2 % 2;
            price = 50 + fills[i + 1] * 100;
            double fee = 0.01 * price;
            if (fills[i] < 0.5 || held[asset] == 0) {
                double quantity = fills[i] + 0.1;
                trips.buy(asset, quantity, price, fee);
                held[asset] += quantity;
                cash -= quantity * price + fee;
            } else {
                double quantity = held[asset] * Math.min(1, 2 * (fills[i] - 0.5) + 0.01);
                trips.sell(asset, quantity, price, fee);
                held[asset] -= quantity;
                cash += quantity * price - fee;
            }
            size += price;
        }
        double earned = 0;
        for (double profit : trips.earned()) {
            earned += profit;
        }

        assertThat(Math.abs(cash - (earned - trips.openCost()))).isLessThan(1e-9 * size);
    }

    @Provide
    Arbitrary<double[]> nasty() {
        return Arbitraries.oneOf(
                        Arbitraries.doubles().between(-0.1, 0.1),
                        Arbitraries.of(0.0, -0.0, 0.001, -0.001, -1.0, -2.0, 5.0),
                        Arbitraries.of(1e-300, -1e-300, 4.9e-324, 1e-13, -1e-13, 1e-17),
                        Arbitraries.of(1e10, 1e150, -1e150, 1e300, Double.MAX_VALUE, -Double.MAX_VALUE, -0.999999999))
                .list()
                .ofMaxSize(60)
                .map(list -> list.stream().mapToDouble(Double::doubleValue).toArray());
    }

    @Provide
    Arbitrary<double[]> positive() {
        return Arbitraries.oneOf(
                        Arbitraries.doubles().between(0, 1000),
                        Arbitraries.of(0.0, 4.9e-324, 1e-300, 1e300, Double.MAX_VALUE))
                .list()
                .ofMaxSize(40)
                .map(list -> list.stream().mapToDouble(Double::doubleValue).toArray());
    }

    @Provide
    Arbitrary<double[]> fills() {
        return Arbitraries.doubles()
                .between(0, 1)
                .list()
                .ofMaxSize(100)
                .map(list -> list.stream().mapToDouble(Double::doubleValue).toArray());
    }

    private static void assertWithin(Map<String, Metric> metrics, String name, double least, double most) {
        Double value = metrics.get(name).value();
        if (value != null) {
            assertThat(value).as(name).isBetween(least, most);
        }
    }

    private static void assertOrder(Map<String, Metric> metrics, String smaller, String larger) {
        Double low = metrics.get(smaller).value();
        Double high = metrics.get(larger).value();
        if (low != null && high != null) {
            assertThat(low).as("%s <= %s", smaller, larger).isLessThanOrEqualTo(high + 1e-12 * Math.abs(high));
        }
    }
}
