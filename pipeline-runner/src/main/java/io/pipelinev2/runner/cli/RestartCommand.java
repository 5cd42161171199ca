package io.pipelinev2.runner.cli;

import io.pipelinev2.core.deployment.Deployment;
import io.pipelinev2.core.trial.TrialKey;
import io.pipelinev2.runner.Deployments;
import picocli.CommandLine.Command;

@Command(
        name = "restart",
        description = "Ends a trial's paper trader and starts it again, with all its restarts; its account goes on.")
final class RestartCommand extends DeploymentCommand {

    @Override
    Deployment want(Deployments deployments, TrialKey key) {
        return deployments.commands().restart(key, reason, operator());
    }

    @Override
    boolean isSo(Deployment deployment) {
        return runs(deployment);
    }
}
