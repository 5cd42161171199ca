package io.pipelinev2.runner.view;

import io.pipelinev2.core.monitoring.HealthReport;
import io.pipelinev2.core.store.PipelineStore;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How components did, newest first.
 *
 * @param reports the reports
 * @param known the names of all components that anything was ever reported of
 */
public record HealthView(List<HealthReport> reports, List<String> known) {

    public HealthView {
        reports = List.copyOf(reports);
        known = List.copyOf(known);
    }

    /**
     * The newest reports.
     *
     * @param component of this component alone, or of all if null
     */
    public static HealthView of(PipelineStore store, @Nullable String component, int limit) {
        return store.read(tx -> new HealthView(
                tx.health(component, limit),
                tx.latestHealth().stream().map(HealthReport::component).toList()));
    }

    /** The JSON form. */
    public Map<String, @Nullable Object> json() {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("reports", reports.stream().map(HealthView::report).toList());
        return json;
    }

    private static Map<String, Object> report(HealthReport report) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("component", report.component());
        json.put("status", report.status().label());
        json.put("message", report.message());
        json.put("at", report.at());
        return json;
    }
}
