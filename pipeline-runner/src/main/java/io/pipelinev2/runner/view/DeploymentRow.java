package io.pipelinev2.runner.view;

import io.pipelinev2.core.deployment.Deployment;
import io.pipelinev2.core.deployment.DeploymentStatus;
import io.pipelinev2.core.deployment.ProcessIdentity;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One line of the table of deployments. */
public record DeploymentRow(Deployment deployment) {

    /** The id of its process; null unless it runs, because the system gives the id of an ended one to strangers. */
    public @Nullable Long processId() {
        ProcessIdentity process = deployment.process();
        return process != null && deployment.status() == DeploymentStatus.RUNNING ? process.pid() : null;
    }

    Map<String, @Nullable Object> json() {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("study", deployment.key().study());
        json.put("number", deployment.key().number());
        json.put("status", deployment.status().label());
        json.put("desired", deployment.desired().label());
        json.put("health", deployment.health().label());
        json.put("process_id", processId());
        json.put("started_at", deployment.startedAt());
        json.put("restarts", deployment.restarts());
        json.put("log_file", deployment.logFile());
        json.put("reason", deployment.reason());
        return json;
    }
}
