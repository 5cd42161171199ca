package io.pipelinev2.runner.http.reading;

import io.pipelinev2.core.monitoring.HealthStatus;
import io.pipelinev2.core.monitoring.PipelineStatus;
import io.pipelinev2.core.trial.TrialStatus;
import io.pipelinev2.deploy.KillSwitch;
import io.pipelinev2.runner.view.StatusView;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What {@code GET /status} says. It always says something: when the state cannot be read, the pipeline is at least
 * degraded, and the counts are the last known ones, with their age and the trouble beside them.
 */
public record StatusAnswer(Snapshot<Glance> snapshot) {

    /** Null if nothing could be read yet. */
    public @Nullable PipelineStatus status() {
        Glance known = snapshot.value();
        return known == null ? null : known.status();
    }

    public HealthStatus health() {
        PipelineStatus status = status();
        HealthStatus known = status == null ? HealthStatus.DEGRADED : status.pipeline();
        return snapshot.trouble() == null ? known : known.worse(HealthStatus.DEGRADED);
    }

    /** Null if this server's pipeline is up and its state can be read, else why it is not. */
    public @Nullable String notReady() {
        if (snapshot.trouble() != null) {
            return snapshot.trouble();
        }
        return health() == HealthStatus.DOWN
                ? "No daemon has reported for three health intervals. Start one with `run`."
                : null;
    }

    /** @param orders which orders the home's traders may give, or null if that is not known here */
    public Map<String, @Nullable Object> json(KillSwitch.@Nullable Position orders) {
        Glance known = snapshot.value();
        Map<String, @Nullable Object> json =
                known == null ? unknown(orders) : new StatusView(known.status(), orders).json();
        json.put("disks", known == null ? null : known.disks());
        json.put("alerts_open", known == null ? null : known.alertsOpen());
        json.put("pipeline", health().label());
        json.put(
                "snapshot_age_seconds",
                snapshot.takenAt() == null ? null : snapshot.age().toMillis() / 1000.0);
        json.put("trouble", snapshot.trouble());
        return json;
    }

    private static Map<String, @Nullable Object> unknown(KillSwitch.@Nullable Position orders) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("pipeline", null);
        for (TrialStatus each : TrialStatus.values()) {
            json.put("trials_" + each.label(), null);
        }
        json.put("last_check", null);
        StatusView.put(orders, json);
        return json;
    }
}
