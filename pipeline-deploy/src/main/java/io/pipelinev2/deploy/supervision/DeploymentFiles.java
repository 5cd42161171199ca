package io.pipelinev2.deploy.supervision;

import io.pipelinev2.core.deployment.Deployment;
import io.pipelinev2.deploy.launch.DeploymentLock;
import java.nio.file.Path;

/**
 * Where a deployment's files lie. No name of a study is part of any path.
 *
 * @param home the pipeline's home
 * @param logs the logs directory
 */
public record DeploymentFiles(Path home, Path logs) {

    public DeploymentFiles {
        home = home.toAbsolutePath().normalize();
        logs = home.resolve(logs).normalize();
    }

    /** The deployment's own directory, {@code state/deployments/<id>}. */
    public Path stateDirectory(long deploymentId) {
        return home.resolve("state").resolve("deployments").resolve(Long.toString(deploymentId));
    }

    public DeploymentLock lock(long deploymentId) {
        return new DeploymentLock(stateDirectory(deploymentId).resolve("lock"));
    }

    /** The log of a deployment that is about to be started. */
    Path newLog(Deployment deployment, long studyId) {
        return logs.resolve("deployments")
                .resolve("%d-%d-%d.log".formatted(studyId, deployment.key().number(), deployment.id()));
    }

    /** How a log is stored: relative to the home. */
    String stored(Path log) {
        return home.relativize(log).toString();
    }

    /** A stored log. */
    public Path log(String stored) {
        return home.resolve(stored).normalize();
    }
}
