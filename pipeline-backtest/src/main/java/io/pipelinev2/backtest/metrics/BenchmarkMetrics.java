package io.pipelinev2.backtest.metrics;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A series of returns against a benchmark's. */
final class BenchmarkMetrics {

    static final List<MetricDefinition> DEFINITIONS = List.of(
            new MetricDefinition(
                    "benchmark_total_return",
                    MetricFamily.BENCHMARK,
                    MetricUnit.FRACTION,
                    Better.NEITHER,
                    "What the benchmark returned: in a backtest, equal capital in every asset, bought "
                            + "at the first bar and held, without fees.",
                    "prod(1 + b) - 1",
                    "Not what the model earned. It ends where the run ends."),
            new MetricDefinition(
                    "excess_total_return",
                    MetricFamily.BENCHMARK,
                    MetricUnit.FRACTION,
                    Better.HIGHER,
                    "What the model returned beyond the benchmark.",
                    "total_return - benchmark_total_return",
                    "A model that mostly holds cash beats any falling market; look at beta."),
            new MetricDefinition(
                    "beta",
                    MetricFamily.BENCHMARK,
                    MetricUnit.RATIO,
                    Better.NEITHER,
                    "How much the model moves when the benchmark moves by 1.",
                    "cov(r, b) / var(b)",
                    "An average: a model that is long half of the time and out the other half shows " + "0.5 too."),
            new MetricDefinition(
                    "alpha_ann_arith",
                    MetricFamily.BENCHMARK,
                    MetricUnit.PER_YEAR,
                    Better.HIGHER,
                    "The yearly return that beta does not explain.",
                    "(mean(r) - rf - beta * (mean(b) - rf)) * P",
                    "As noisy as the mean itself; rarely different from 0 within months."),
            new MetricDefinition(
                    "correlation",
                    MetricFamily.BENCHMARK,
                    MetricUnit.RATIO,
                    Better.NEITHER,
                    "How closely the model moves with the benchmark, from -1 to 1.",
                    "cov(r, b) / (std(r) std(b))",
                    "High for anything that is long in the same assets."),
            new MetricDefinition(
                    "r_squared",
                    MetricFamily.BENCHMARK,
                    MetricUnit.FRACTION,
                    Better.NEITHER,
                    "The share of the scatter that the benchmark explains.",
                    "correlation^2",
                    "See correlation."),
            new MetricDefinition(
                    "tracking_error_ann",
                    MetricFamily.BENCHMARK,
                    MetricUnit.PER_YEAR,
                    Better.NEITHER,
                    "How far the model strays from the benchmark in a year.",
                    "std(r - b) * sqrt(P)",
                    "Straying is what an active model is for; it is no fault in itself."),
            new MetricDefinition(
                    "information_ratio_ann",
                    MetricFamily.BENCHMARK,
                    MetricUnit.RATIO,
                    Better.HIGHER,
                    "The excess over the benchmark for each unit of straying.",
                    "mean(r - b) / std(r - b) * sqrt(P)",
                    "As noisy as sharpe; a model that holds cash in a falling market scores high."),
            new MetricDefinition(
                    "alpha_ann_geom_empyrical",
                    MetricFamily.VARIANTS,
                    MetricUnit.PER_YEAR,
                    Better.HIGHER,
                    "The alpha of empyrical, compounded.",
                    "(1 + mean((r - rf) - beta * (b - rf)))^P - 1",
                    "Compounds a short run into fantasy."));

    private static final String BENCHMARK_CONSTANT = "the benchmark's returns are all equal";
    private static final String OWN_CONSTANT = "all returns are equal";

    private BenchmarkMetrics() {}

    static void add(ReturnSeries series, double @Nullable [] benchmarkReturns, Map<String, Metric> figures) {
        if (benchmarkReturns == null) {
            addUndefined("there is no benchmark", figures);
            return;
        }
        Series.requireFinite(benchmarkReturns, "benchmark return");
        double[] own = series.returns();
        int n = own.length;
        if (benchmarkReturns.length < n) {
            throw new IllegalArgumentException(
                    "the benchmark has " + benchmarkReturns.length + " returns, but " + n + " are compared with it");
        }
        if (n == 0) {
            addUndefined("there are no steps", figures);
            return;
        }
        double[] benchmark = Arrays.copyOf(benchmarkReturns, n);
        double equity = 1;
        double[] difference = new double[n];
        for (int i = 0; i < n; i++) {
            equity *= 1 + benchmark[i];
            difference[i] = own[i] - benchmark[i];
        }
        figures.put("benchmark_total_return", Metric.of(equity - 1));
        figures.put("excess_total_return", Metric.of(series.totalReturn() - (equity - 1)));
        addRegression(series, benchmark, figures);
        addDifference(series, difference, figures);
    }

    private static void addUndefined(String reason, Map<String, Metric> figures) {
        DEFINITIONS.forEach(definition -> figures.put(definition.name(), Metric.undefined(reason)));
    }

    private static void addRegression(ReturnSeries series, double[] benchmark, Map<String, Metric> figures) {
        double[] own = series.returns();
        double mean = Series.mean(benchmark);
        double squares = Series.squares(benchmark, mean);
        double ownSquares = Series.squares(own, series.mean());
        double product = Series.products(own, series.mean(), benchmark, mean);
        boolean constant = own.length < 2 || Series.isZeroDeviation(Math.sqrt(squares / (own.length - 1)), mean);
        if (constant) {
            for (String name :
                    List.of("beta", "alpha_ann_arith", "correlation", "r_squared", "alpha_ann_geom_empyrical")) {
                figures.put(name, Metric.undefined(BENCHMARK_CONSTANT));
            }
            return;
        }
        Metric beta = Metric.quotient(product, squares, BENCHMARK_CONSTANT);
        figures.put("beta", beta);
        Double slope = beta.value();
        Metric alpha = slope == null
                ? beta
                : Metric.of(series.mean() - series.riskFree() - slope * (mean - series.riskFree()));
        Double perStep = alpha.value();
        double perYear = series.periodsPerYear();
        figures.put("alpha_ann_arith", perStep == null ? alpha : Metric.of(perStep * perYear));
        figures.put(
                "alpha_ann_geom_empyrical",
                perStep == null ? alpha : series.annual(Metric.of(Math.pow(1 + perStep, perYear) - 1)));
        Metric correlation = series.isConstant()
                ? Metric.undefined(OWN_CONSTANT)
                : Metric.quotient(product, Math.sqrt(squares) * Math.sqrt(ownSquares), BENCHMARK_CONSTANT);
        Double together = correlation.value();
        figures.put("correlation", together == null ? correlation : Metric.of(Math.max(-1, Math.min(1, together))));
        figures.put("r_squared", together == null ? correlation : Metric.of(Math.min(1, together * together)));
    }

    private static void addDifference(ReturnSeries series, double[] difference, Map<String, Metric> figures) {
        int n = difference.length;
        double mean = Series.mean(difference);
        double deviation = n < 2 ? 0 : Math.sqrt(Series.squares(difference, mean) / (n - 1));
        double scale = Math.sqrt(series.periodsPerYear());
        figures.put("tracking_error_ann", series.atLeast(2, () -> Metric.of(deviation * scale)));
        figures.put(
                "information_ratio_ann",
                series.atLeast(
                        2,
                        () -> Series.isZeroDeviation(deviation, mean)
                                ? Metric.undefined("the model and the benchmark never differ in their scatter")
                                : Metric.quotient(mean * scale, deviation, "")));
    }
}
