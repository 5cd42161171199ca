package io.pipelinev2.runner.cli;

import io.pipelinev2.core.deployment.Deployment;
import io.pipelinev2.core.deployment.DeploymentStatus;
import io.pipelinev2.core.deployment.DesiredState;
import io.pipelinev2.core.trial.TrialKey;
import io.pipelinev2.runner.Deployments;
import picocli.CommandLine.Command;

@Command(
        name = "stop",
        description =
                "Ends a trial's paper trader, and returns when its process is gone. It stays stopped until `deploy` names it;"
                        + " its slot is left to trials that are discovered later, or to `deploy`.")
final class StopCommand extends DeploymentCommand {

    @Override
    Deployment want(Deployments deployments, TrialKey key) {
        return deployments.commands().stop(key, reason, operator());
    }

    @Override
    boolean isSo(Deployment deployment) {
        return deployment.desired() == DesiredState.STOPPED && deployment.status() == DeploymentStatus.STOPPED;
    }
}
