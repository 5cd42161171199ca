package io.pipelinev2.runner.cli;

import io.pipelinev2.core.deployment.Deployment;
import io.pipelinev2.core.deployment.DeploymentStatus;
import io.pipelinev2.core.trial.TrialKey;
import io.pipelinev2.deploy.DeploymentCommands;
import io.pipelinev2.runner.Deployments;
import picocli.CommandLine.Command;

@Command(
        name = "restart",
        description = "Ends a trial's paper trader and starts it again, with all its restarts; its account goes on.")
final class RestartCommand extends NamedDeploymentCommand {

    @Override
    Deployment want(DeploymentCommands commands, TrialKey key) {
        return commands.restart(key, reason, operator());
    }

    @Override
    String announcement(Deployment wanted, Deployments deployments) {
        return (wanted.status() == DeploymentStatus.RUNNING
                        ? "ends it (SIGTERM, SIGKILL after %d s) and starts it again"
                                .formatted(deployments.stopGrace().toSeconds())
                        : "starts it again")
                + " with all its restarts; its account goes on.";
    }

    @Override
    boolean isSo(Deployment deployment, Deployments deployments) {
        return runs(deployment);
    }
}
