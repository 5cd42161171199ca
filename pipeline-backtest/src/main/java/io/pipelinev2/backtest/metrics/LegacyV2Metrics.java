package io.pipelinev2.backtest.metrics;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The figures of the original V2 backtest by its own formulas, so that its thresholds and its history stay comparable.
 *
 * @param totalReturn (last - first) / first of the equity curve
 * @param sharpe mean(r) / (population deviation(r) + 1e-9) * sqrt(252 * 24); that it is 0 without any trade is why it is
 *     shown but not ranked by
 * @param maxDrawdown min((equity - running peak) / running peak): a negative number
 * @param finalValue last equity
 * @param steps number of steps
 */
public record LegacyV2Metrics(double totalReturn, double sharpe, double maxDrawdown, double finalValue, int steps) {

    static final List<MetricDefinition> DEFINITIONS = List.of(
            legacy("total_return", MetricUnit.FRACTION, Better.HIGHER, "(last - first) / first of the equity curve"),
            legacy("sharpe", MetricUnit.RATIO, Better.HIGHER, "mean(r) / (std_population + 1e-9) * sqrt(252 * 24)"),
            legacy("max_drawdown", MetricUnit.FRACTION, Better.HIGHER, "min((equity - peak) / peak), negative"),
            legacy("final_value", MetricUnit.CURRENCY, Better.HIGHER, "last equity"),
            legacy("steps", MetricUnit.STEPS, Better.NEITHER, "number of steps"));

    private static final double STEPS_PER_YEAR = 252 * 24;

    /**
     * @param equity the curve, beginning with the initial capital; positive and finite
     */
    public static LegacyV2Metrics of(double[] equity) {
        Series.requireFinite(equity, "equity");
        if (equity.length < 2) {
            throw new IllegalArgumentException("an equity curve needs two points or more, had " + equity.length);
        }
        int steps = equity.length - 1;
        double[] returns = Series.returnsOf(equity);
        double mean = Series.mean(returns);
        double deviation = Math.sqrt(Series.squares(returns, mean) / steps);
        double peak = equity[0];
        double maxDrawdown = 0;
        for (double value : equity) {
            peak = Math.max(peak, value);
            maxDrawdown = Math.min(maxDrawdown, (value - peak) / peak);
        }
        return new LegacyV2Metrics(
                (equity[steps] - equity[0]) / equity[0],
                mean / (deviation + 1e-9) * Math.sqrt(STEPS_PER_YEAR),
                maxDrawdown,
                equity[steps],
                steps);
    }

    /** As JSON-like values under the original's names. */
    public Map<String, Object> toMap() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("total_return", totalReturn);
        map.put("sharpe", sharpe);
        map.put("max_drawdown", maxDrawdown);
        map.put("final_value", finalValue);
        map.put("steps", steps);
        return map;
    }

    private static MetricDefinition legacy(String name, MetricUnit unit, Better better, String formula) {
        return new MetricDefinition(
                "legacy_v2." + name,
                MetricFamily.LEGACY,
                unit,
                better,
                "The " + name + " of the original V2 pipeline, for its thresholds.",
                formula,
                "Not comparable with " + name + " of another formula.");
    }
}
