package io.pipelinev2.runner.cli;

import io.pipelinev2.core.deployment.Deployment;
import io.pipelinev2.core.deployment.DeploymentStatus;
import io.pipelinev2.core.trial.TrialKey;
import io.pipelinev2.deploy.DeploymentCommands;
import io.pipelinev2.runner.Deployments;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
        name = "flatten",
        description =
                "A paper trader sells all its positions at its next bar, on paper, and enters no more until `resume`"
                        + " names it. Its process goes on.")
final class FlattenCommand extends NamedDeploymentCommand {

    @Mixin
    Consent consent = new Consent();

    /** To name one is to mean it; of several, one may be there by mistake. */
    @Override
    public Integer call() throws Exception {
        if (trials().size() > 1 && !isRehearsal()) {
            consent.require(spec, "%d traders sell everything, on paper.".formatted(trials().size()));
        }
        return super.call();
    }

    @Override
    Deployment want(DeploymentCommands commands, TrialKey key) {
        return commands.flatten(key, reason, operator());
    }

    @Override
    String announcement(Deployment wanted, Deployments deployments) {
        return "sells all positions at its next bar, on paper, and enters no more until `resume %s`."
                .formatted(wanted.key());
    }

    @Override
    boolean isSo(Deployment deployment, Deployments deployments) {
        return deployments.isTold(deployment);
    }

    @Override
    String outcome(Deployment now) {
        return now.status() == DeploymentStatus.RUNNING
                ? "was told to sell everything."
                : "is %s; it sells everything as soon as it is started."
                        .formatted(now.status().label());
    }
}
