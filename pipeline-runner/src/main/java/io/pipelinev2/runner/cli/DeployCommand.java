package io.pipelinev2.runner.cli;

import io.pipelinev2.core.deployment.Deployment;
import io.pipelinev2.core.trial.TrialKey;
import io.pipelinev2.deploy.DeploymentCommands;
import io.pipelinev2.runner.Deployments;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "deploy",
        description = "Deploys a validated trial to a free slot; its paper account goes on if it was deployed before.")
final class DeployCommand extends NamedDeploymentCommand {

    @Option(
            names = "--new-account",
            description =
                    "Begin with a new paper account, as after a change of the feed; the one before is kept as it is.")
    boolean newAccount;

    @Override
    Deployment want(DeploymentCommands commands, TrialKey key) {
        return newAccount ? commands.deployAnew(key, reason, operator()) : commands.deploy(key, reason, operator());
    }

    @Override
    String announcement(Deployment wanted, Deployments deployments) {
        if (runs(wanted)) {
            return "is deployed already.";
        }
        return "starts its validated model (%s…) in a free slot, %s."
                .formatted(
                        wanted.modelSha256().substring(0, 12),
                        wanted.startedAt() == null ? "with a new account" : "with the account that it had");
    }

    @Override
    boolean isSo(Deployment deployment, Deployments deployments) {
        return runs(deployment);
    }
}
