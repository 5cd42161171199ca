package io.pipelinev2.backtest.metrics;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The figures of the original V1 pipeline by its own formulas, for its own adaptive thresholds and nothing else: they are
 * never mixed with those of V2 ({@link LegacyV2Metrics}), which differ in every detail.
 *
 * @param totalReturn (last - first) / first of the equity curve
 * @param sharpe mean(r) / (population deviation(r) + 1e-8) * sqrt(24 * 365)
 * @param maxDrawdown max((running peak - equity) / running peak): a positive number
 * @param volatility population deviation(r) * sqrt(24 * 365)
 */
public record LegacyV1Metrics(double totalReturn, double sharpe, double maxDrawdown, double volatility) {

    static final List<MetricDefinition> DEFINITIONS = List.of(
            legacy("total_return", MetricUnit.FRACTION, Better.HIGHER, "(last - first) / first of the equity curve"),
            legacy("sharpe", MetricUnit.RATIO, Better.HIGHER, "mean(r) / (std_population + 1e-8) * sqrt(8760)"),
            legacy("max_drawdown", MetricUnit.FRACTION, Better.LOWER, "max((peak - equity) / peak), positive"),
            legacy("volatility", MetricUnit.PER_YEAR, Better.LOWER, "std_population * sqrt(8760)"));

    private static final double STEPS_PER_YEAR = 24 * 365;

    /**
     * @param equity the curve, beginning with the initial capital; positive and finite
     */
    public static LegacyV1Metrics of(double[] equity) {
        // The two originals share everything but sign and scale.
        LegacyV2Metrics base = LegacyV2Metrics.of(equity);
        double[] returns = Series.returnsOf(equity);
        double mean = Series.mean(returns);
        double deviation = Math.sqrt(Series.squares(returns, mean) / returns.length);
        return new LegacyV1Metrics(
                base.totalReturn(),
                mean / (deviation + 1e-8) * Math.sqrt(STEPS_PER_YEAR),
                // without a drawdown 0 and not -0
                0 - base.maxDrawdown(),
                deviation * Math.sqrt(STEPS_PER_YEAR));
    }

    /** By the original's names. */
    public Map<String, Metric> metrics() {
        Map<String, Metric> map = new LinkedHashMap<>();
        map.put("total_return", Metric.of(totalReturn));
        map.put("sharpe", Metric.of(sharpe));
        map.put("max_drawdown", Metric.of(maxDrawdown));
        map.put("volatility", Metric.of(volatility));
        return map;
    }

    private static MetricDefinition legacy(String name, MetricUnit unit, Better better, String formula) {
        return new MetricDefinition(
                "legacy_v1." + name,
                MetricFamily.LEGACY,
                unit,
                better,
                "The " + name + " of the original V1 pipeline, for its adaptive thresholds.",
                formula,
                "Not comparable with " + name + " of another formula: always hourly, with a 1e-8 in the divisor.");
    }
}
