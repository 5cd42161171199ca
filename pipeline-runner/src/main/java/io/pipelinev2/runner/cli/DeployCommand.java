package io.pipelinev2.runner.cli;

import io.pipelinev2.core.deployment.Deployment;
import io.pipelinev2.core.trial.TrialKey;
import io.pipelinev2.runner.Deployments;
import picocli.CommandLine.Command;

@Command(
        name = "deploy",
        description = "Deploys a validated trial to a free slot; its paper account goes on if it was deployed before.")
final class DeployCommand extends DeploymentCommand {

    @Override
    Deployment want(Deployments deployments, TrialKey key) {
        return deployments.commands().deploy(key, reason, operator());
    }

    @Override
    boolean isSo(Deployment deployment) {
        return runs(deployment);
    }
}
