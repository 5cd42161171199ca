package io.pipelinev2.backtest.metrics;

import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * All metrics that a backtest can be judged by, with their definitions: the one source of reports, documentation and the
 * names that gates may use.
 */
public final class MetricGlossary {

    private static final Map<String, MetricDefinition> DEFINITIONS = collected(List.of(
            Growth.DEFINITIONS,
            Variation.DEFINITIONS,
            SharpeRatio.DEFINITIONS,
            DownsideRatios.DEFINITIONS,
            Drawdown.DEFINITIONS,
            TailRisk.DEFINITIONS,
            WinsAndLosses.DEFINITIONS,
            ReturnShape.DEFINITIONS,
            BenchmarkMetrics.DEFINITIONS,
            Activity.DEFINITIONS,
            RoundTripMetrics.DEFINITIONS,
            LegacyV1Metrics.DEFINITIONS,
            LegacyV2Metrics.DEFINITIONS));

    private MetricGlossary() {}

    /** Every definition, in the order in which metrics are computed. */
    public static Collection<MetricDefinition> all() {
        return DEFINITIONS.values();
    }

    /** Every name. */
    public static Set<String> names() {
        return DEFINITIONS.keySet();
    }

    /** One definition, or nothing when there is no such metric. */
    public static Optional<MetricDefinition> find(String name) {
        return Optional.ofNullable(DEFINITIONS.get(name));
    }

    private static Map<String, MetricDefinition> collected(List<List<MetricDefinition>> lists) {
        Map<String, MetricDefinition> definitions = new LinkedHashMap<>();
        for (List<MetricDefinition> list : lists) {
            for (MetricDefinition definition : list) {
                if (definitions.put(definition.name(), definition) != null) {
                    throw new IllegalStateException("the metric '" + definition.name() + "' is defined twice");
                }
            }
        }
        return Collections.unmodifiableMap(definitions);
    }
}
