package io.pipelinev2.runner.cli;

import io.pipelinev2.core.deployment.Deployment;
import io.pipelinev2.core.deployment.DeploymentStatus;
import io.pipelinev2.core.deployment.TradingState;
import io.pipelinev2.core.trial.TrialKey;
import io.pipelinev2.deploy.DeploymentCommands;
import io.pipelinev2.runner.Deployments;
import io.pipelinev2.runner.PipelineHome;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

@Command(
        name = "resume",
        description =
                "Paper traders give orders again. Without trials: ends what `halt` without trials began. With trials:"
                        + " ends what was said of these alone, the stops that they put on themselves, and what followed a `flatten`.")
final class ResumeCommand extends DeploymentCommand {

    @Parameters(
            index = "0..*",
            arity = "0..*",
            paramLabel = "[STUDY/]N",
            description = "The trials; default: all traders of this home.")
    List<String> trials = List.of();

    @Override
    public Integer call() throws Exception {
        if (!trials.isEmpty()) {
            return super.call();
        }
        try (PipelineHome home = open()) {
            say(home.deployments().orders().resume(reason, operator()));
            return ExitCode.OK;
        }
    }

    @Override
    List<String> trials() {
        return trials;
    }

    @Override
    Deployment want(DeploymentCommands commands, TrialKey key) {
        return commands.resume(key, reason, operator());
    }

    @Override
    String announcement(Deployment wanted, Deployments deployments) {
        boolean allHalted = deployments.orders().position().orders() != TradingState.ACTIVE;
        return "gives all orders again from its next bar on, on paper: what was said of it, its own stops and what followed a"
                + " flatten are over."
                + (allHalted
                        ? " All traders of this home are halted, though; `resume` without a trial ends that."
                        : "");
    }

    @Override
    boolean isSo(Deployment deployment, Deployments deployments) {
        return deployments.isTold(deployment);
    }

    @Override
    String outcome(Deployment now) {
        return now.status() == DeploymentStatus.RUNNING
                ? "was told to go on."
                : "is %s; it gives orders once it is started."
                        .formatted(now.status().label());
    }
}
