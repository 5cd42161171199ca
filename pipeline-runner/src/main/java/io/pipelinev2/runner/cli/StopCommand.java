package io.pipelinev2.runner.cli;

import io.pipelinev2.core.deployment.Deployment;
import io.pipelinev2.core.deployment.DeploymentStatus;
import io.pipelinev2.core.deployment.DesiredState;
import io.pipelinev2.core.trial.TrialKey;
import io.pipelinev2.deploy.DeploymentCommands;
import io.pipelinev2.runner.Deployments;
import picocli.CommandLine.Command;

@Command(
        name = "stop",
        description =
                "Ends a trial's paper trader, and returns when its process is gone. It stays stopped until `deploy` names it;"
                        + " its slot is left to trials that are discovered later, or to `deploy`. Account and positions stay"
                        + " recorded.")
final class StopCommand extends NamedDeploymentCommand {

    @Override
    Deployment want(DeploymentCommands commands, TrialKey key) {
        return commands.stop(key, reason, operator());
    }

    @Override
    String announcement(Deployment wanted, Deployments deployments) {
        return wanted.status() == DeploymentStatus.RUNNING
                ? "ends it: SIGTERM to its process group, SIGKILL after %d s. Account, positions and ledger stay recorded; `deploy %s` goes on with them."
                        .formatted(deployments.stopGrace().toSeconds(), wanted.key())
                : "nothing of it runs. Account, positions and ledger stay recorded; `deploy %s` goes on with them."
                        .formatted(wanted.key());
    }

    @Override
    boolean isSo(Deployment deployment, Deployments deployments) {
        return deployment.desired() == DesiredState.STOPPED && deployment.status() == DeploymentStatus.STOPPED;
    }
}
