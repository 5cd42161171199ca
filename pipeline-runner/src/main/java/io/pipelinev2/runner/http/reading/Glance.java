package io.pipelinev2.runner.http.reading;

import io.pipelinev2.core.monitoring.PipelineStatus;
import io.pipelinev2.core.monitoring.internal.Monitor;
import io.pipelinev2.core.store.PipelineStore;
import io.pipelinev2.runner.view.AlertsView;
import io.pipelinev2.runner.view.DisksView;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What {@code /status} and the heads of all pages tell, read at once in the background.
 *
 * @param status how the pipeline stands
 * @param disks the file systems in use, as JSON has them
 * @param alertsOpen how many alerts are open
 */
public record Glance(PipelineStatus status, List<Map<String, @Nullable Object>> disks, long alertsOpen) {

    public static Glance read(PipelineStore store, Monitor monitor) {
        return new Glance(monitor.status(), DisksView.of(store), AlertsView.open(store));
    }
}
