package io.pipelinev2.runner.view;

import io.pipelinev2.core.monitoring.HealthReport;
import io.pipelinev2.core.monitoring.internal.Roster;
import io.pipelinev2.core.store.PipelineStore;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How components did, newest first.
 *
 * @param reports the reports
 * @param known the names of all components that anything was ever reported of
 * @param former those of them that are not configured any more
 */
public record HealthView(List<HealthReport> reports, List<String> known, Set<String> former) {

    /** What is said beside the name of a former component. */
    public static final String FORMER = "no longer configured";

    public HealthView {
        reports = List.copyOf(reports);
        known = List.copyOf(known);
        former = Set.copyOf(former);
    }

    /**
     * The newest reports.
     *
     * @param component of this component alone, or of all if null
     */
    public static HealthView of(PipelineStore store, @Nullable String component, int limit) {
        return store.read(tx -> {
            List<String> known =
                    tx.latestHealth().stream().map(HealthReport::component).toList();
            Set<String> former = new HashSet<>();
            Roster roster = Roster.in(tx);
            if (roster != null) {
                former.addAll(known);
                roster.components().forEach(former::remove);
            }
            return new HealthView(tx.health(component, limit), known, former);
        });
    }

    /** A component's name, with a word beside it if it is a former one. */
    public String named(String component) {
        return former.contains(component) ? component + " (" + FORMER + ")" : component;
    }

    /** The JSON form. */
    public Map<String, @Nullable Object> json() {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("reports", reports.stream().map(this::report).toList());
        return json;
    }

    private Map<String, Object> report(HealthReport report) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("component", report.component());
        json.put("status", report.status().label());
        json.put("message", report.message());
        json.put("at", report.at());
        json.put("configured", !former.contains(report.component()));
        return json;
    }
}
