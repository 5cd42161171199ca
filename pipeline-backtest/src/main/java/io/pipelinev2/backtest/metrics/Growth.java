package io.pipelinev2.backtest.metrics;

import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** What became of the capital. */
final class Growth {

    static final List<MetricDefinition> DEFINITIONS = List.of(
            new MetricDefinition(
                    "total_return",
                    MetricFamily.GROWTH,
                    MetricUnit.FRACTION,
                    Better.HIGHER,
                    "What the whole run gained or lost.",
                    "E_n - 1",
                    "Says nothing about how long it took or what was risked on the way."),
            new MetricDefinition(
                    "cagr",
                    MetricFamily.GROWTH,
                    MetricUnit.PER_YEAR,
                    Better.HIGHER,
                    "The constant yearly growth that would have given the same end.",
                    "E_n^(P/n) - 1; -1 when bankrupt",
                    "Compounds a short run into fantasy: one hour at +1 % is 7e37 a year. Marked as "
                            + "extrapolated below a quarter of a year, and then never passes a gate."),
            new MetricDefinition(
                    "n",
                    MetricFamily.GROWTH,
                    MetricUnit.STEPS,
                    Better.NEITHER,
                    "How many steps were played.",
                    "count of r",
                    "A run that was cut short by max_steps or bankruptcy has fewer than the data."),
            new MetricDefinition(
                    "bankrupt",
                    MetricFamily.GROWTH,
                    MetricUnit.COUNT,
                    Better.LOWER,
                    "1 when all equity was lost, else 0.",
                    "1 if some 1 + r <= 0, else 0",
                    "Figures of a bankrupt run end at the step of the loss."),
            new MetricDefinition(
                    "final_equity",
                    MetricFamily.GROWTH,
                    MetricUnit.RATIO,
                    Better.HIGHER,
                    "The capital at the end, as a multiple of the initial one.",
                    "E_n = prod(1 + r)",
                    "total_return with 1 added; not an amount of money."),
            new MetricDefinition(
                    "min_equity",
                    MetricFamily.GROWTH,
                    MetricUnit.RATIO,
                    Better.HIGHER,
                    "The lowest the capital ever was, as a multiple of the initial one.",
                    "min(E_0 .. E_n)",
                    "Measures from the start, not from the peak: max_drawdown is the loss that a late "
                            + "joiner would have felt."),
            new MetricDefinition(
                    "return_ann_arith",
                    MetricFamily.GROWTH,
                    MetricUnit.PER_YEAR,
                    Better.HIGHER,
                    "The mean return per step times the steps of a year.",
                    "mean(r) * P",
                    "Ignores compounding: volatile series show more here than anybody could have " + "earned."),
            new MetricDefinition(
                    "rf_step",
                    MetricFamily.GROWTH,
                    MetricUnit.FRACTION,
                    Better.NEITHER,
                    "The risk-free return of one step that the ratios subtract.",
                    "(1 + rf)^(1/P) - 1",
                    "0 in a backtest; idle cash earns nothing here."),
            new MetricDefinition(
                    "return_ann_meancomp_lean",
                    MetricFamily.VARIANTS,
                    MetricUnit.PER_YEAR,
                    Better.HIGHER,
                    "The annual performance of QuantConnect LEAN: the mean return compounded over a " + "year.",
                    "(1 + mean(r))^P - 1",
                    "Always above cagr, the more so the more volatile the series."));

    private Growth() {}

    static void add(ReturnSeries series, Map<String, Metric> figures) {
        int n = series.size();
        double perYear = series.periodsPerYear();
        figures.put("total_return", series.notEmpty(() -> Metric.of(series.totalReturn())));
        figures.put("cagr", cagr(series));
        figures.put("n", Metric.of(n));
        figures.put("bankrupt", Metric.of(series.bankrupt() ? 1 : 0));
        figures.put("final_equity", Metric.of(series.finalEquity()));
        figures.put(
                "min_equity",
                series.notEmpty(
                        () -> Metric.of(Arrays.stream(series.equity()).min().orElse(1))));
        figures.put("return_ann_arith", series.notEmpty(() -> Metric.of(series.mean() * perYear)));
        figures.put("rf_step", Metric.of(series.riskFree()));
        figures.put(
                "return_ann_meancomp_lean",
                series.notEmpty(() -> series.annual(Metric.of(Math.pow(1 + series.mean(), perYear) - 1))));
    }

    /** The figure that ratios of growth are made of. */
    static Metric cagr(ReturnSeries series) {
        int n = series.size();
        return series.notEmpty(() -> {
            if (series.bankrupt()) {
                return Metric.of(-1).remarked("bankrupt: all equity was lost at step " + n);
            }
            double grown = Math.pow(series.finalEquity(), series.periodsPerYear() / n) - 1;
            return grown <= 1e300
                    ? series.annual(Metric.of(grown))
                    : Metric.undefined("too large to be a number when extrapolated from " + n + " steps to a year");
        });
    }
}
