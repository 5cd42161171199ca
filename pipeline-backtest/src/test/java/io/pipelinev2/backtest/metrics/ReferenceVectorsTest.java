package io.pipelinev2.backtest.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.pipelinev2.backtest.Fixtures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import tools.jackson.databind.JsonNode;

/** Every named value of every vector, and none that is passed over in silence. */
class ReferenceVectorsTest {

    private static final Path VECTORS = Fixtures.ROOT.resolve("metrics");

    static Stream<String> series() throws IOException {
        try (Stream<Path> files = Files.list(VECTORS)) {
            return files
                    .map(file -> file.getFileName().toString())
                    .filter(name -> name.matches("[01].*[.]json") && !name.startsWith("15_"))
                    .sorted()
                    .toList()
                    .stream();
        }
    }

    @Test
    void all_series_are_there() throws IOException {
        assertThat(series())
                .hasSize(8)
                .allSatisfy(
                        name -> assertThat(vector(name).get("expected").size()).isEqualTo(67));
        assertThat(vector("formulas.json").size()).isEqualTo(67);
    }

    @ParameterizedTest
    @MethodSource("series")
    void every_value_of_a_series_is_ours(String name) {
        JsonNode vector = vector(name);
        JsonNode benchmark = vector.get("benchmark_returns");

        assertSame(
                vector.get("expected"),
                PerformanceMetrics.ofReturns(
                                doubles(vector.get("returns")),
                                vector.get("periods_per_year").asDouble(),
                                vector.get("rf_annual").asDouble(),
                                benchmark.isNull() ? null : doubles(benchmark))
                        .all());
    }

    @Test
    void every_value_of_the_portfolio_is_ours() {
        JsonNode vector = vector("20_portfolio.json");

        assertSame(vector.get("expected"), portfolio(vector, EqualWeightBenchmark.of(prices(vector), 3, 59)));
    }

    @Test
    void every_value_of_the_portfolio_against_holding_the_market_is_ours() {
        JsonNode vector = vector("20_portfolio.json");

        assertSame(
                vector.get("metrics_vs_ew_buy_hold"),
                PerformanceMetrics.ofReturns(
                                Series.returnsOf(doubles(vector.get("equity"))),
                                vector.get("periods_per_year").asDouble(),
                                0,
                                EqualWeightBenchmark.of(prices(vector), 3, 59).buyAndHold())
                        .all());
    }

    @Test
    void every_value_of_the_trades_is_ours() {
        JsonNode vector = vector("21_trades.json");
        Map<String, Metric> figures = new LinkedHashMap<>();
        RoundTripMetrics.add(doubles(vector.get("pnl")), figures);
        // In results "trades" has always been the number of fills.
        figures.put("trades", figures.get("round_trips"));

        assertSame(vector.get("expected"), figures);
    }

    @Test
    void every_vector_is_tested() throws IOException {
        try (Stream<Path> files = Files.list(VECTORS)) {
            assertThat(files.map(file -> file.getFileName().toString()))
                    .containsExactlyInAnyOrderElementsOf(Stream.concat(
                                    series(),
                                    Stream.of(
                                            "15_nan_input.json",
                                            "20_portfolio.json",
                                            "21_trades.json",
                                            "formulas.json"))
                            .toList());
        }
    }

    /** The fixture's equity begins after its first trade, so its bars are the steps. */
    private static Map<String, Metric> portfolio(JsonNode vector, EqualWeightBenchmark benchmark) {
        double[] equity = doubles(vector.get("equity"));
        double[] cash = doubles(vector.get("cash"));
        double[] invested = new double[equity.length];
        double[] concentration = new double[equity.length];
        for (int t = 0; t < equity.length; t++) {
            invested[t] = equity[t] - cash[t];
            for (int asset = 0; asset < 3; asset++) {
                double share = vector.get("positions").get(t).get(asset).asDouble()
                        * prices(vector).at(t, asset)
                        / invested[t];
                concentration[t] += share * share;
            }
        }
        double initial = 1000;
        double[] curve = new double[equity.length + 1];
        curve[0] = initial;
        System.arraycopy(equity, 0, curve, 1, equity.length);
        // The first trade is at the first bar, before the market has moved.
        EqualWeightBenchmark shifted =
                new EqualWeightBenchmark(delayed(benchmark.buyAndHold()), delayed(benchmark.rebalanced()));
        return PerformanceMetrics.ofRun(
                        curve,
                        vector.get("periods_per_year").asDouble(),
                        shifted,
                        new Activity(
                                initial,
                                equity,
                                invested,
                                doubles(vector.get("traded_value")),
                                doubles(vector.get("fees")),
                                concentration,
                                0),
                        new RoundTrips(3))
                .all();
    }

    private static double[] delayed(double[] returns) {
        double[] delayed = new double[returns.length + 1];
        System.arraycopy(returns, 0, delayed, 1, returns.length);
        return delayed;
    }

    private static Prices prices(JsonNode vector) {
        return (bar, asset) -> vector.get("prices").get(bar).get(asset).asDouble();
    }

    private static void assertSame(JsonNode expected, Map<String, Metric> figures) {
        List<String> names = List.copyOf(expected.propertyNames());
        assertThat(figures.keySet()).containsAll(names);
        assertThat(names).isNotEmpty().allSatisfy(name -> {
            Metric figure = figures.get(name);
            JsonNode value = expected.get(name);
            if (value.isNull()) {
                assertThat(figure.value()).as(name).isNull();
                assertThat(figure.remark()).as(name).isNotBlank();
            } else {
                assertThat(figure.value())
                        .as("%s (%s)", name, figure.remark())
                        .isNotNull()
                        .isCloseTo(value.asDouble(), within(Math.max(1e-12, 1e-9 * Math.abs(value.asDouble()))));
            }
        });
    }

    private static JsonNode vector(String name) {
        return Fixtures.json(VECTORS.resolve(name));
    }

    private static double[] doubles(JsonNode array) {
        double[] values = new double[array.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = array.get(i).asDouble();
        }
        return values;
    }
}
