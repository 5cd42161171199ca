package io.pipelinev2.runner.cli;

import io.pipelinev2.core.deployment.Deployment;
import io.pipelinev2.core.deployment.DeploymentStatus;
import io.pipelinev2.core.deployment.DesiredState;
import io.pipelinev2.core.trial.Trial;
import io.pipelinev2.core.trial.TrialKey;
import io.pipelinev2.deploy.PreferenceCommands;
import io.pipelinev2.runner.PipelineHome;
import java.util.Optional;
import picocli.CommandLine.Command;

@Command(
        name = "never",
        description =
                "A trial is never deployed, whatever its rank. If it trades on paper, that is ended, and its slot goes"
                        + " to the next by rank. --off lets it in again.")
final class NeverCommand extends PreferenceCommand {

    @Override
    String decide(PreferenceCommands commands, TrialKey key) {
        return off ? commands.readmit(key, reason, operator()) : commands.never(key, reason, operator());
    }

    @Override
    boolean carryOut(PipelineHome home, TrialKey key) throws InterruptedException {
        Optional<Deployment> ending = home.store()
                .read(tx -> tx.trial(key).map(Trial::id).flatMap(tx::deploymentOf))
                .filter(deployment -> !off && !isGone(deployment));
        if (ending.isEmpty()) {
            return true;
        }
        Deployment now = home.deployments().carryOut(ending.get(), NeverCommand::isGone);
        say("Trial %s (PAPER) is %s%s"
                .formatted(key, now.status().label(), now.reason() == null ? "" : ": " + now.reason()));
        return isGone(now);
    }

    private static boolean isGone(Deployment deployment) {
        return deployment.desired() == DesiredState.STOPPED && deployment.status() == DeploymentStatus.STOPPED;
    }
}
