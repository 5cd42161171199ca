package io.pipelinev2.backtest.metrics;

import java.util.List;
import java.util.Map;

/**
 * What the agent did with its capital, per step.
 *
 * @param initialCapital before the first step
 * @param equity after each step
 * @param invested value of the holdings after each step, in quote currency
 * @param traded value bought and sold in each step, both sides added
 * @param fees paid in each step
 * @param concentration sum of the squared shares of the assets in the value of the holdings after each step, 0 without any
 * @param trades number of fills in all
 */
public record Activity(
        double initialCapital,
        double[] equity,
        double[] invested,
        double[] traded,
        double[] fees,
        double[] concentration,
        int trades) {

    static final List<MetricDefinition> DEFINITIONS = List.of(
            new MetricDefinition(
                    "trades",
                    MetricFamily.ACTIVITY,
                    MetricUnit.COUNT,
                    Better.NEITHER,
                    "How many fills there were, purchases and sales of every cause.",
                    "count of fills",
                    "Not round trips: buying and selling once makes two."),
            new MetricDefinition(
                    "exposure_time",
                    MetricFamily.ACTIVITY,
                    MetricUnit.FRACTION,
                    Better.NEITHER,
                    "The share of the steps with anything held.",
                    "count(holdings > 0) / n",
                    "A crumb counts like a full position: see gross_exposure_mean."),
            new MetricDefinition(
                    "gross_exposure_mean",
                    MetricFamily.ACTIVITY,
                    MetricUnit.FRACTION,
                    Better.NEITHER,
                    "The mean share of the equity that was invested.",
                    "mean(holdings value / equity)",
                    "An average of all in and all out looks like half in."),
            new MetricDefinition(
                    "gross_exposure_max",
                    MetricFamily.ACTIVITY,
                    MetricUnit.FRACTION,
                    Better.NEITHER,
                    "The largest share of the equity that was invested at the end of a step.",
                    "max(holdings value / equity)",
                    "Within a step it may have been more."),
            new MetricDefinition(
                    "hhi_mean",
                    MetricFamily.ACTIVITY,
                    MetricUnit.RATIO,
                    Better.NEITHER,
                    "How concentrated the holdings are: 1 is one asset, 1/k is k assets alike "
                            + "(Herfindahl-Hirschman index).",
                    "mean over invested steps of sum(w^2), w = share of the holdings value",
                    "Assets that move together are one bet however many there are."),
            new MetricDefinition(
                    "turnover_per_step",
                    MetricFamily.ACTIVITY,
                    MetricUnit.FRACTION,
                    Better.LOWER,
                    "How much of the equity is traded in a step, purchases and sales added.",
                    "mean(traded value / equity)",
                    "Two-sided: halve it for the one-way turnover that funds publish."),
            new MetricDefinition(
                    "turnover_ann",
                    MetricFamily.ACTIVITY,
                    MetricUnit.PER_YEAR,
                    Better.LOWER,
                    "The same for a year: how many times the capital is turned over.",
                    "turnover_per_step * P",
                    "Times the fee rate (and slippage) it is the yearly cost of trading."),
            new MetricDefinition(
                    "turnover_total",
                    MetricFamily.ACTIVITY,
                    MetricUnit.RATIO,
                    Better.LOWER,
                    "All that was traded in the run, against the mean equity.",
                    "sum(traded value) / mean(E)",
                    "Grows with the length of the run."),
            new MetricDefinition(
                    "fees_total",
                    MetricFamily.ACTIVITY,
                    MetricUnit.CURRENCY,
                    Better.LOWER,
                    "All fees paid.",
                    "sum(fees)",
                    "Fees alone: spread and slippage are not in it."),
            new MetricDefinition(
                    "fees_over_initial",
                    MetricFamily.ACTIVITY,
                    MetricUnit.FRACTION,
                    Better.LOWER,
                    "All fees paid, against the initial capital.",
                    "fees_total / initial capital",
                    "About what total_return would have been higher by without fees."),
            new MetricDefinition(
                    "fees_over_traded",
                    MetricFamily.ACTIVITY,
                    MetricUnit.FRACTION,
                    Better.LOWER,
                    "The fee rate that was really paid.",
                    "fees_total / sum(traded value)",
                    "Undefined without a trade."),
            new MetricDefinition(
                    "ew_buy_hold_total_return",
                    MetricFamily.BENCHMARK,
                    MetricUnit.FRACTION,
                    Better.NEITHER,
                    "Equal capital in every asset, bought at the first bar and held, without fees.",
                    "mean over assets of p_n / p_0, minus 1",
                    "In a backtest the same number as benchmark_total_return."),
            new MetricDefinition(
                    "ew_rebalanced_total_return",
                    MetricFamily.BENCHMARK,
                    MetricUnit.FRACTION,
                    Better.NEITHER,
                    "Equal capital in every asset, brought back to equal at every bar, without fees.",
                    "prod(1 + mean over assets of r) - 1",
                    "Nobody could rebalance each bar for free: a yardstick, not an alternative."),
            new MetricDefinition(
                    "alpha_simple_vs_ew_buy_hold",
                    MetricFamily.BENCHMARK,
                    MetricUnit.FRACTION,
                    Better.HIGHER,
                    "What the model made of the initial capital beyond holding the market.",
                    "E_n / initial capital - 1 - ew_buy_hold_total_return",
                    "No alpha in the statistical sense: it ignores risk. In a backtest the same as "
                            + "excess_total_return."));

    /** Takes its own copies and checks that they are of one length and finite. */
    public Activity {
        if (!(initialCapital > 0) || Double.isInfinite(initialCapital)) {
            throw new IllegalArgumentException(
                    "the initial capital must be positive and finite, was " + initialCapital);
        }
        if (trades < 0) {
            throw new IllegalArgumentException("the number of trades must not be negative, was " + trades);
        }
        equity = equity.clone();
        invested = invested.clone();
        traded = traded.clone();
        fees = fees.clone();
        concentration = concentration.clone();
        if (invested.length != equity.length
                || traded.length != equity.length
                || fees.length != equity.length
                || concentration.length != equity.length) {
            throw new IllegalArgumentException(
                    "equity, invested, traded, fees and concentration must be of one length, were " + equity.length
                            + ", " + invested.length + ", " + traded.length + ", " + fees.length + " and "
                            + concentration.length);
        }
        Series.requireFinite(equity, "equity");
        Series.requireFinite(invested, "invested value");
        Series.requireFinite(traded, "traded value");
        Series.requireFinite(fees, "fees");
        Series.requireFinite(concentration, "concentration");
    }

    /** @param benchmark with as many steps, or more */
    void add(double periodsPerYear, EqualWeightBenchmark benchmark, Map<String, Metric> figures) {
        int n = 0;
        int exposed = 0;
        double exposure = 0;
        double largest = 0;
        double concentrations = 0;
        double turnover = 0;
        double sum = 0;
        double sumTraded = 0;
        double paid = 0;
        // What comes after a bankruptcy has no meaning relative to equity.
        for (; n < equity.length && equity[n] > 0; n++) {
            double gross = invested[n] / equity[n];
            if (invested[n] > 0) {
                exposed++;
                concentrations += concentration[n];
            }
            exposure += gross;
            largest = Math.max(largest, gross);
            turnover += traded[n] / equity[n];
            sum += equity[n];
            sumTraded += traded[n];
            paid += fees[n];
        }
        Metric none = Metric.undefined("there are no steps with equity");
        figures.put("trades", Metric.of(trades));
        figures.put("exposure_time", n == 0 ? none : Metric.of((double) exposed / n));
        figures.put("gross_exposure_mean", n == 0 ? none : Metric.of(exposure / n));
        figures.put("gross_exposure_max", n == 0 ? none : Metric.of(largest));
        figures.put("hhi_mean", Metric.quotient(concentrations, exposed, "nothing was ever held"));
        figures.put("turnover_per_step", n == 0 ? none : Metric.of(turnover / n));
        figures.put("turnover_ann", n == 0 ? none : Metric.of(turnover / n * periodsPerYear));
        figures.put("turnover_total", n == 0 ? none : Metric.quotient(sumTraded, sum / n, ""));
        figures.put("fees_total", Metric.of(paid));
        figures.put("fees_over_initial", Metric.of(paid / initialCapital));
        figures.put("fees_over_traded", Metric.quotient(paid, sumTraded, "nothing was traded"));
        addBenchmark(benchmark, figures);
    }

    private void addBenchmark(EqualWeightBenchmark benchmark, Map<String, Metric> figures) {
        int survived = 0;
        while (survived < equity.length && (survived == 0 || equity[survived - 1] > 0)) {
            survived++;
        }
        double last = survived == 0 ? initialCapital : Math.max(0, equity[survived - 1]);
        double held = growth(benchmark.buyAndHold(), survived);
        figures.put("ew_buy_hold_total_return", Metric.of(held));
        figures.put("ew_rebalanced_total_return", Metric.of(growth(benchmark.rebalanced(), survived)));
        figures.put("alpha_simple_vs_ew_buy_hold", Metric.of(last / initialCapital - 1 - held));
    }

    private static double growth(double[] returns, int steps) {
        double equity = 1;
        for (int i = 0; i < steps; i++) {
            equity *= 1 + returns[i];
        }
        return equity - 1;
    }
}
