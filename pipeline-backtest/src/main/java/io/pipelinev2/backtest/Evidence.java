package io.pipelinev2.backtest;

import io.pipelinev2.backtest.metrics.LegacyV1Metrics;
import io.pipelinev2.backtest.metrics.LegacyV2Metrics;
import io.pipelinev2.backtest.metrics.Metric;
import io.pipelinev2.backtest.metrics.PerformanceMetrics;
import java.util.LinkedHashMap;
import java.util.Map;

/** What gates judge: all figures of a run under the names that gates use. */
final class Evidence {

    private Evidence() {}

    /** @param equity positive, but for the last value */
    static Map<String, Metric> of(PerformanceMetrics metrics, double[] equity) {
        Map<String, Metric> evidence = new LinkedHashMap<>(metrics.all());
        LegacyV2Metrics.of(equity)
                .toMap()
                .forEach((name, value) -> evidence.put("legacy_v2." + name, Metric.of(((Number) value).doubleValue())));
        LegacyV1Metrics.of(equity).metrics().forEach((name, metric) -> evidence.put("legacy_v1." + name, metric));
        return evidence;
    }
}
