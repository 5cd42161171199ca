package io.pipelinev2.runner.http.api;

import io.pipelinev2.core.store.PipelineStore;
import io.pipelinev2.runner.http.access.Access;
import io.pipelinev2.runner.http.exchange.Asked;
import io.pipelinev2.runner.http.exchange.Endpoint;
import io.pipelinev2.runner.http.exchange.Parameter;
import io.pipelinev2.runner.http.exchange.RowVersion;
import io.pipelinev2.runner.http.reading.Bulkhead;
import io.pipelinev2.runner.view.AlertsView;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What can be read of alerts. */
public final class AlertsApi {

    static final int MOST_RESOLVED = 500;

    private final PipelineStore store;
    private final Bulkhead bulkhead;

    public AlertsApi(PipelineStore store, Bulkhead bulkhead) {
        this.store = store;
        this.bulkhead = bulkhead;
    }

    public List<Endpoint> endpoints() {
        return List.of(Endpoint.get(
                "/api/v1/alerts",
                "listAlerts",
                "What a human should look at, who was told, and how the channels have done: all open ones.",
                Access.READ,
                List.of(Parameter.integer(
                        "resolved", "The newest how many that are over, too, 0 to " + MOST_RESOLVED + "; default 0.")),
                Endpoint.Answer.json("Alerts"),
                this::list));
    }

    private void list(Asked asked) {
        int resolved = asked.query("resolved", 0, 0, MOST_RESOLVED);
        AlertsView view = bulkhead.run(() -> AlertsView.of(store, resolved));
        Map<String, @Nullable Object> json = view.json();
        json.put(
                "alerts",
                view.alerts().stream()
                        .map(alert -> {
                            Map<String, @Nullable Object> row = new LinkedHashMap<>(view.json(alert));
                            row.put("version", RowVersion.of(alert));
                            return row;
                        })
                        .toList());
        asked.answer(json);
    }
}
