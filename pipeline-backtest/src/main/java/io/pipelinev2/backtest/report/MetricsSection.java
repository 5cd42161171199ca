package io.pipelinev2.backtest.report;

import io.pipelinev2.backtest.metrics.Metric;
import io.pipelinev2.backtest.metrics.MetricFamily;
import io.pipelinev2.backtest.metrics.PerformanceMetrics;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** All metrics with their definitions, beside those of buy-and-hold; what is undefined stands there with its reason. */
final class MetricsSection implements Section {

    private final ReportedRun result;
    private final @Nullable PerformanceMetrics benchmark;
    private final String market;

    MetricsSection(RunSeries run, ReportedRun result) {
        this.result = result;
        this.benchmark = run.hasBenchmark()
                ? PerformanceMetrics.ofReturns(run.benchmarkReturns(), run.periodsPerYear(), 0, null)
                : null;
        this.market = run.hasBenchmark()
                ? run.market().substring(0, 1).toUpperCase(Locale.ROOT)
                        + run.market().substring(1)
                : "No benchmark";
    }

    @Override
    public String key() {
        return "metrics";
    }

    @Override
    public void write(Html page) {
        page.open("section", "id", key()).element("h2", "Metrics");
        Map<String, Map<String, Metric>> groups = new LinkedHashMap<>();
        result.metrics()
                .all()
                .forEach((name, metric) -> groups.computeIfAbsent(
                                MetricWords.of(name).group(), group -> new LinkedHashMap<>())
                        .put(name, metric));
        // the same ideas by other programs' formulas are for those who compare: they stand in the JSON twin
        groups.remove(MetricFamily.VARIANTS.title());
        groups.forEach((group, metrics) -> {
            Table table = Table.begin(page, group, "Metric", "This model", market, "What it says");
            metrics.forEach((name, metric) -> {
                MetricWords words = MetricWords.of(name);
                table.row().head(words.title(), words.more());
                value(table, words, metric);
                Metric held = benchmark == null ? null : benchmark.all().get(name);
                if (held == null) {
                    table.cell("", "number");
                } else {
                    value(table, words, held);
                }
                String remark = metric.remark();
                table.cell(
                        remark == null ? words.meaning() : (words.meaning() + " " + sentence(remark)).strip(),
                        "definition");
                table.end();
            });
            table.end();
        });
        page.close("section");
    }

    private static void value(Table table, MetricWords words, Metric metric) {
        Double value = metric.value();
        if (value == null) {
            table.number("undefined", String.valueOf(metric.remark()));
        } else {
            table.number(words.quantity().show(value), Numbers.exact(value));
        }
    }

    private static String sentence(String remark) {
        return "Here: " + remark + ".";
    }

    @Override
    public Map<String, @Nullable Object> toMap() {
        Map<String, @Nullable Object> definitions = new LinkedHashMap<>();
        result.metrics()
                .all()
                .keySet()
                .forEach(name -> definitions.put(name, MetricWords.of(name).meaning()));
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        map.put("model", result.metrics().toMap());
        map.put("model_remarks", result.metrics().remarks());
        map.put("benchmark", benchmark == null ? null : benchmark.toMap());
        map.put("benchmark_remarks", benchmark == null ? null : benchmark.remarks());
        map.put("legacy_v2", result.legacyV2().toMap());
        map.put("definitions", definitions);
        return map;
    }
}
