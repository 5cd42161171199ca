package io.pipelinev2.runner.cli;

import io.pipelinev2.core.deployment.Deployment;
import io.pipelinev2.core.deployment.DeploymentHealth;
import io.pipelinev2.core.deployment.DeploymentStatus;
import io.pipelinev2.core.trial.TrialKey;
import io.pipelinev2.runner.Deployments;
import io.pipelinev2.runner.PipelineHome;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * A command on one deployment: writes down what is wanted, then waits until it is so. With no daemon up it takes the home's
 * lock and carries it out itself.
 */
abstract class DeploymentCommand extends HomeCommand {

    @Parameters(index = "0", paramLabel = "[STUDY/]N", description = "The trial.")
    String trial;

    @Option(names = "--reason", paramLabel = "TEXT", description = "Why, for the record.")
    String reason = "";

    /** Writes down what is wanted. */
    abstract Deployment want(Deployments deployments, TrialKey key);

    /** Whether it is as wanted. */
    abstract boolean isSo(Deployment deployment);

    @Override
    public Integer call() throws Exception {
        try (PipelineHome home = open()) {
            TrialKey key = find(home, trial).key();
            Deployments deployments = home.deployments();
            Deployment wanted = want(deployments, key);
            Deployment now = isSo(wanted) ? wanted : deployments.carryOut(wanted, this::isSo);
            say("Trial %s (PAPER) is %s, %s%s"
                    .formatted(
                            key,
                            now.status().label(),
                            now.health().label(),
                            now.reason() == null ? "" : ": " + now.reason()));
            return isSo(now) ? ExitCode.OK : ExitCode.FAILED;
        }
    }

    static boolean runs(Deployment deployment) {
        return deployment.status() == DeploymentStatus.RUNNING
                && deployment.health() != DeploymentHealth.STARTING
                && deployment.health() != DeploymentHealth.STOPPING;
    }
}
