package io.pipelinev2.backtest.report;

import io.pipelinev2.backtest.metrics.MetricDefinition;
import io.pipelinev2.backtest.metrics.MetricFamily;
import io.pipelinev2.backtest.metrics.MetricGlossary;
import io.pipelinev2.backtest.metrics.MetricUnit;
import java.util.Map;

/**
 * What a metric is called on the page, how its number is shown and what it says. All but the title is as {@link
 * MetricGlossary} defines it.
 *
 * @param group heading under which it stands
 * @param title for people
 * @param meaning in one sentence
 * @param more formula, and how it can mislead
 */
record MetricWords(String group, String title, Quantity quantity, String meaning, String more) {

    private static final Map<String, String> TITLES = Map.ofEntries(
            Map.entry("total_return", "Total return"),
            Map.entry("cagr", "Annual growth (CAGR)"),
            Map.entry("volatility_ann", "Volatility per year"),
            Map.entry("best", "Best step"),
            Map.entry("worst", "Worst step"),
            Map.entry("sharpe", "Sharpe per year"),
            Map.entry("sharpe_lo24", "Sharpe per year, Lo-adjusted"),
            Map.entry("sortino", "Sortino per year"),
            Map.entry("calmar", "Calmar"),
            Map.entry("omega", "Omega"),
            Map.entry("max_drawdown", "Deepest drawdown"),
            Map.entry("ulcer_index", "Ulcer index"),
            Map.entry("longest_underwater_steps", "Longest time under water"),
            Map.entry("var95_hist", "Value at risk, 95 %"),
            Map.entry("cvar95_hist", "Expected shortfall, 95 %"),
            Map.entry("tail_ratio", "Tail ratio"),
            Map.entry("win_rate", "Steps that gained"),
            Map.entry("profit_factor", "Profit factor"),
            Map.entry("skew_sample", "Skewness"),
            Map.entry("kurt_excess_sample", "Excess kurtosis"),
            Map.entry("benchmark_total_return", "Buy-and-hold's total return"),
            Map.entry("excess_total_return", "Total return above it"),
            Map.entry("beta", "Beta"),
            Map.entry("alpha_ann_arith", "Alpha per year"),
            Map.entry("trades", "Trades"),
            Map.entry("exposure_time", "Time invested"),
            Map.entry("gross_exposure_mean", "Invested on average"),
            Map.entry("turnover_per_step", "Turnover per step"),
            Map.entry("turnover_ann", "Turnover per year"),
            Map.entry("fees_total", "Fees"));

    /** Of a metric by the name that results and gates use; what is not known is shown under its own name. */
    static MetricWords of(String metric) {
        String plain = metric.substring(metric.indexOf('.') + 1);
        String title = TITLES.getOrDefault(plain, plain.replace('_', ' '));
        return MetricGlossary.find(metric)
                .map(definition -> new MetricWords(
                        definition.family().title(),
                        title,
                        quantity(definition),
                        definition.meaning(),
                        definition.formula() + ". " + definition.caution()))
                .orElseGet(() -> new MetricWords("More", title, Quantity.PLAIN, "", ""));
    }

    private static Quantity quantity(MetricDefinition definition) {
        if (definition.unit() == MetricUnit.FRACTION || definition.unit() == MetricUnit.PER_YEAR) {
            boolean neverNegative = definition.family() == MetricFamily.DRAWDOWN
                    || definition.family() == MetricFamily.VARIATION
                    || definition.family() == MetricFamily.ACTIVITY;
            return neverNegative ? Quantity.SHARE : Quantity.CHANGE;
        }
        return switch (definition.unit()) {
            case STEPS, COUNT -> Quantity.COUNT;
            case CURRENCY -> Quantity.MONEY;
            case PROBABILITY -> Quantity.PRECISE;
            default -> Quantity.RATIO;
        };
    }
}
