package io.pipelinev2.runner.view;

import io.pipelinev2.core.monitoring.HealthReport;
import io.pipelinev2.core.monitoring.PipelineStatus;
import io.pipelinev2.core.monitoring.internal.Monitor;
import io.pipelinev2.core.stage.StageHold;
import io.pipelinev2.core.trial.TrialStatus;
import io.pipelinev2.deploy.KillSwitch;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How the pipeline stands as a whole, as {@code status --json} and {@code GET /status} tell it.
 *
 * @param status what the store says
 * @param orders which orders the home's traders may give, or null if that is not known here
 */
public record StatusView(PipelineStatus status, KillSwitch.@Nullable Position orders) {

    /** The status as it is now. */
    public static StatusView of(Monitor monitor, KillSwitch.@Nullable Position orders) {
        return new StatusView(monitor.status(), orders);
    }

    /** The JSON form, its contract keys first. */
    public Map<String, @Nullable Object> json() {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("pipeline", status.pipeline().label());
        for (TrialStatus each : List.of(
                TrialStatus.PENDING,
                TrialStatus.PROCESSING,
                TrialStatus.DEPLOYED,
                TrialStatus.FAILED,
                TrialStatus.COMPLETED)) {
            json.put("trials_" + each.label(), status.count(each));
        }
        json.put("last_check", status.lastCheck());
        put(orders, json);
        json.put("at", status.at());
        json.put(
                "components",
                status.components().stream().map(StatusView::component).toList());
        json.put("holds", status.holds().stream().map(StatusView::hold).toList());
        return json;
    }

    /** Puts in which orders may be given; nothing if that is not known. */
    public static void put(KillSwitch.@Nullable Position orders, Map<String, @Nullable Object> json) {
        if (orders != null) {
            json.put("orders", orders.orders().label());
            json.put("orders_reason", orders.words().isEmpty() ? null : orders.words());
        }
    }

    private static Map<String, @Nullable Object> hold(StageHold hold) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("stage", hold.stage());
        json.put("kind", hold.kind().label());
        json.put("reason", hold.reason());
        json.put("actor", hold.actor());
        json.put("since", hold.since());
        json.put("next_attempt_at", hold.probeAt());
        return json;
    }

    private static Map<String, Object> component(HealthReport report) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("component", report.component());
        json.put("status", report.status().label());
        json.put("message", report.message());
        json.put("at", report.at());
        return json;
    }
}
