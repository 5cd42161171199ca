package io.pipelinev2.runner.cli;

import io.pipelinev2.core.deployment.Deployment;
import io.pipelinev2.core.deployment.DeploymentHealth;
import io.pipelinev2.core.deployment.DeploymentStatus;
import io.pipelinev2.core.trial.TrialKey;
import io.pipelinev2.runner.Deployments;
import io.pipelinev2.runner.PipelineHome;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/**
 * A command on one deployment: writes down what is wanted, then waits until it is so. With no daemon up it takes the home's
 * lock and carries it out itself.
 */
abstract class DeploymentCommand extends HomeCommand {

    @Parameters(index = "0..*", arity = "1..*", paramLabel = "[STUDY/]N", description = "The trials.")
    List<String> trials;

    @Option(names = "--reason", paramLabel = "TEXT", description = "Why, for the record.")
    String reason = "";

    /** Writes down what is wanted. */
    abstract Deployment want(Deployments deployments, TrialKey key);

    /** Whether it is as wanted. */
    abstract boolean isSo(Deployment deployment);

    @Override
    public Integer call() throws Exception {
        try (PipelineHome home = open()) {
            Deployments deployments = home.deployments();
            List<TrialKey> keys = new ArrayList<>();
            for (String trial : trials) {
                keys.add(find(home, trial).key());
            }
            // all are written down first: what is wanted does not depend on how long the first takes
            List<Deployment> wanted = new ArrayList<>();
            for (TrialKey key : keys) {
                wanted.add(want(deployments, key));
            }
            boolean all = true;
            for (Deployment each : wanted) {
                all &= carryOut(deployments, each);
            }
            return all ? ExitCode.OK : ExitCode.FAILED;
        }
    }

    private boolean carryOut(Deployments deployments, Deployment wanted) throws InterruptedException {
        Deployment now = isSo(wanted) ? wanted : deployments.carryOut(wanted, this::isSo);
        String health = now.health().label();
        say("Trial %s (PAPER) is %s%s%s"
                .formatted(
                        now.key(),
                        now.status().label(),
                        health.equals(now.status().label()) ? "" : ", " + health,
                        now.reason() == null ? "" : ": " + now.reason()));
        if (!isSo(now)) {
            err().println(
                            "This is not yet what was asked for. It stays written down, and whoever supervises the home next"
                                    + " (`run`, or this command again) carries it out.");
        }
        return isSo(now);
    }

    static boolean runs(Deployment deployment) {
        return deployment.status() == DeploymentStatus.RUNNING
                && deployment.health() != DeploymentHealth.STARTING
                && deployment.health() != DeploymentHealth.STOPPING;
    }
}
