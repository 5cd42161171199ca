package io.pipelinev2.runner.view;

import io.pipelinev2.core.deployment.Deployment;
import io.pipelinev2.core.store.PipelineStore;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * All deployments, those that take a slot first, then the ended ones, newest first.
 *
 * @param rows one per deployment
 */
public record DeploymentsView(List<DeploymentRow> rows) {

    private static final Comparator<Deployment> ORDER = Comparator.comparing((Deployment each) -> !each.occupiesSlot())
            .thenComparing(each -> each.occupiesSlot() ? each.id() : -each.id());

    public DeploymentsView {
        rows = List.copyOf(rows);
    }

    /** The deployments as they are now. */
    public static DeploymentsView of(PipelineStore store) {
        List<Deployment> all = store.read(tx -> tx.deployments());
        return new DeploymentsView(
                all.stream().sorted(ORDER).map(DeploymentRow::new).toList());
    }

    /** The JSON form. */
    public Map<String, @Nullable Object> json() {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("deployments", rows.stream().map(DeploymentRow::json).toList());
        return json;
    }
}
