package io.pipelinev2.runner.cli;

import io.pipelinev2.core.deployment.Deployment;
import io.pipelinev2.core.trial.TrialKey;
import io.pipelinev2.deploy.DeploymentCommands;
import io.pipelinev2.runner.Deployments;
import picocli.CommandLine.Command;

@Command(
        name = "reset",
        description =
                "Starts a paper trader again that is down after crashes, with all its restarts; its account goes on."
                        + " One that waited for its slot meanwhile may then take it by rank.")
final class ResetCommand extends NamedDeploymentCommand {

    @Override
    Deployment want(DeploymentCommands commands, TrialKey key) {
        return commands.reset(key, reason, operator());
    }

    @Override
    String announcement(Deployment wanted, Deployments deployments) {
        return "gets all its restarts back and is started again; its account goes on.";
    }

    @Override
    boolean isSo(Deployment deployment, Deployments deployments) {
        return runs(deployment);
    }
}
