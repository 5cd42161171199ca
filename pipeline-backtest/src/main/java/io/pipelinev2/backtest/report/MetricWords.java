package io.pipelinev2.backtest.report;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What a metric is called, how its number is shown and what it says.
 *
 * @param group heading under which it stands
 * @param title for people
 * @param definition in one sentence
 */
record MetricWords(String group, String title, Quantity quantity, String definition) {

    private static final Map<String, MetricWords> KNOWN = new LinkedHashMap<>();

    static {
        String growth = "Growth";
        know(
                "total_return",
                growth,
                "Total return",
                Quantity.CHANGE,
                "Equity at the end over equity at the start, less 1");
        know("cagr", growth, "Annual growth (CAGR)", Quantity.CHANGE, "The total return compounded to one year");
        know(
                "volatility_ann",
                growth,
                "Volatility per year",
                Quantity.SHARE,
                "Sample deviation of the returns times the root of the steps per year");
        know("best", growth, "Best step", Quantity.CHANGE, "The highest return of one step");
        know("worst", growth, "Worst step", Quantity.CHANGE, "The lowest return of one step");
        String risk = "Return for risk";
        know(
                "sharpe",
                risk,
                "Sharpe per year",
                Quantity.RATIO,
                "Mean return over sample deviation, times the root of the steps per year; risk-free rate 0");
        know(
                "sharpe_lo24",
                risk,
                "Sharpe per year, Lo-adjusted",
                Quantity.RATIO,
                "The same, taking account of the returns' autocorrelation over 24 steps");
        know(
                "sortino",
                risk,
                "Sortino per year",
                Quantity.RATIO,
                "Mean return over the root mean square of the losses alone, over all steps");
        know("calmar", risk, "Calmar", Quantity.RATIO, "Annual growth over the deepest drawdown");
        know("omega", risk, "Omega", Quantity.RATIO, "Sum of the gains over sum of the losses");
        String drawdown = "Drawdown";
        know(
                "max_drawdown",
                drawdown,
                "Deepest drawdown",
                Quantity.SHARE,
                "The largest fall from a peak, the start included");
        know("ulcer_index", drawdown, "Ulcer index", Quantity.SHARE, "Root mean square of the drawdown over all steps");
        know(
                "longest_underwater_steps",
                drawdown,
                "Longest time under water",
                Quantity.COUNT,
                "Steps without a new peak, at the longest");
        String tails = "Distribution of single steps";
        know(
                "var95_hist",
                tails,
                "Value at risk, 95 %",
                Quantity.CHANGE,
                "One step in twenty returned this or less; history, no model");
        know(
                "cvar95_hist",
                tails,
                "Expected shortfall, 95 %",
                Quantity.CHANGE,
                "Mean return of the steps at or below the value at risk");
        know("tail_ratio", tails, "Tail ratio", Quantity.RATIO, "95th percentile of the returns over the 5th, in size");
        know("win_rate", tails, "Steps that gained", Quantity.SHARE, "Of the steps that changed the equity");
        know(
                "profit_factor",
                tails,
                "Profit factor",
                Quantity.RATIO,
                "Sum of the gains over sum of the losses, by step");
        know("skew_sample", tails, "Skewness", Quantity.RATIO, "0 for a normal distribution; negative: long losses");
        know(
                "kurt_excess_sample",
                tails,
                "Excess kurtosis",
                Quantity.RATIO,
                "0 for a normal distribution; above: fat tails");
        String benchmark = "Against equal-weight buy-and-hold";
        know(
                "benchmark_total_return",
                benchmark,
                "Buy-and-hold's total return",
                Quantity.CHANGE,
                "Equal capital in all assets at the first bar, held, no fees");
        know(
                "excess_total_return",
                benchmark,
                "Total return above it",
                Quantity.CHANGE,
                "Total return less buy-and-hold's");
        know("beta", benchmark, "Beta", Quantity.RATIO, "How much of buy-and-hold's movement the equity shares");
        know(
                "alpha_ann_arith",
                benchmark,
                "Alpha per year",
                Quantity.CHANGE,
                "Mean return that beta does not explain, times the steps per year");
        String activity = "Activity";
        know("trades", activity, "Trades", Quantity.COUNT, "Buys, sales, forced sales and stop sales");
        know("exposure_time", activity, "Time invested", Quantity.SHARE, "Share of the steps with any holding");
        know(
                "gross_exposure_mean",
                activity,
                "Invested on average",
                Quantity.SHARE,
                "Value of the holdings over equity");
        know(
                "turnover_per_step",
                activity,
                "Turnover per step",
                Quantity.SHARE,
                "Value bought and sold over equity, both sides added");
        know(
                "turnover_ann",
                activity,
                "Turnover per year",
                Quantity.RATIO,
                "The same times the steps per year; 1 is the equity once");
        know("fees_total", activity, "Fees", Quantity.MONEY, "Paid over the run, in quote currency");
    }

    /** Of a metric by the name that results and gates use; what is not known is shown under its own name. */
    static MetricWords of(String metric) {
        String name = metric.startsWith("legacy_v2.") ? metric.substring("legacy_v2.".length()) : metric;
        MetricWords words = KNOWN.get(name);
        return words != null ? words : new MetricWords("More", name.replace('_', ' '), Quantity.PLAIN, "");
    }

    private static void know(String name, String group, String title, Quantity quantity, String definition) {
        KNOWN.put(name, new MetricWords(group, title, quantity, definition));
    }
}
