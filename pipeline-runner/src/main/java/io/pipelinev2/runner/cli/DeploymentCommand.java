package io.pipelinev2.runner.cli;

import io.pipelinev2.core.RefusedException;
import io.pipelinev2.core.deployment.Deployment;
import io.pipelinev2.core.deployment.DeploymentHealth;
import io.pipelinev2.core.deployment.DeploymentStatus;
import io.pipelinev2.core.trial.TrialKey;
import io.pipelinev2.deploy.DeploymentCommands;
import io.pipelinev2.runner.Deployments;
import io.pipelinev2.runner.PipelineHome;
import io.pipelinev2.runner.config.InertText;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Option;

/**
 * A command on deployments: says what it will do, writes down what is wanted, then waits until it is so and says what was
 * done. With no daemon up it takes the home's lock and carries it out itself. What is refused for one trial is done for the
 * others all the same.
 */
abstract class DeploymentCommand extends HomeCommand {

    @Option(names = "--reason", paramLabel = "TEXT", description = "Why, for the record.")
    String reason = "";

    /** The trials as they were given. */
    abstract List<String> trials();

    /** Whether nothing is to be done but to say what would be. */
    boolean isRehearsal() {
        return false;
    }

    /** Writes down what is wanted. */
    abstract Deployment want(DeploymentCommands commands, TrialKey key);

    /** What is about to happen, in words that go on after the trial's name. */
    abstract String announcement(Deployment wanted, Deployments deployments);

    /** Whether it is as wanted. */
    abstract boolean isSo(Deployment deployment, Deployments deployments);

    /** How it stands in the end, in words that go on after the trial's name. */
    String outcome(Deployment now) {
        String health = now.health().label();
        return "is %s%s%s"
                .formatted(
                        now.status().label(),
                        health.equals(now.status().label()) ? "" : ", " + health,
                        now.reason() == null ? "" : ": " + now.reason());
    }

    @Override
    public Integer call() throws Exception {
        try (PipelineHome home = open()) {
            Deployments deployments = home.deployments();
            List<TrialKey> keys = new ArrayList<>();
            for (String trial : trials()) {
                keys.add(find(home, trial).key());
            }
            DeploymentCommands commands = isRehearsal() ? deployments.commands().rehearsed() : deployments.commands();
            // all are written down first: what is wanted does not depend on how long the first takes
            List<Deployment> wanted = new ArrayList<>();
            for (TrialKey key : keys) {
                try {
                    wanted.add(want(commands, key));
                } catch (RefusedException e) {
                    complain(String.valueOf(e.getMessage()));
                }
            }
            boolean all = true;
            for (Deployment each : wanted) {
                all &= isRehearsal() ? rehearse(each, deployments) : carryOut(each, deployments);
            }
            if (wanted.size() < keys.size()) {
                return ExitCode.REFUSED;
            }
            return all ? ExitCode.OK : ExitCode.FAILED;
        }
    }

    private boolean rehearse(Deployment wanted, Deployments deployments) {
        say("Trial %s (PAPER): %s Nothing was done (--dry-run)."
                .formatted(wanted.key(), announcement(wanted, deployments)));
        return true;
    }

    private boolean carryOut(Deployment wanted, Deployments deployments) throws InterruptedException {
        complain("Trial %s (PAPER): %s".formatted(wanted.key(), announcement(wanted, deployments)));
        Deployment now = isSo(wanted, deployments)
                ? wanted
                : deployments.carryOut(wanted, deployment -> isSo(deployment, deployments));
        say("Trial %s (PAPER) %s".formatted(now.key(), outcome(now)));
        if (!isSo(now, deployments)) {
            complain("This is not yet what was asked for. It stays written down, and whoever supervises the home next"
                    + " (`run`, or this command again) carries it out.");
        }
        return isSo(now, deployments);
    }

    /** Standard output is for what was done. */
    private void complain(String line) {
        err().println(InertText.of(line));
        err().flush();
    }

    static boolean runs(Deployment deployment) {
        return deployment.status() == DeploymentStatus.RUNNING
                && deployment.health() != DeploymentHealth.STARTING
                && deployment.health() != DeploymentHealth.STOPPING;
    }
}
