package io.pipelinev2.runner.cli;

import io.pipelinev2.core.PipelineException;
import io.pipelinev2.core.deployment.Deployment;
import io.pipelinev2.core.deployment.DeploymentStatus;
import io.pipelinev2.core.deployment.TradingState;
import io.pipelinev2.core.trial.TrialKey;
import io.pipelinev2.deploy.DeploymentCommands;
import io.pipelinev2.deploy.KillSwitch;
import io.pipelinev2.runner.Deployments;
import io.pipelinev2.runner.PipelineHome;
import io.pipelinev2.runner.config.PipelineConfig;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "halt",
        description =
                "Paper traders give no orders any more, from their next bar on, until `resume`; processes and positions"
                        + " stay. Without trials: all of this home, by the file state/KILL, which works with the daemon down and"
                        + " without a database.")
final class HaltCommand extends DeploymentCommand {

    @Parameters(
            index = "0..*",
            arity = "0..*",
            paramLabel = "[STUDY/]N",
            description = "The trials; default: all traders of this home.")
    List<String> trials = List.of();

    @Option(names = "--reducing", description = "Sales still run; nothing is entered.")
    boolean reducing;

    @Override
    public Integer call() throws Exception {
        return trials.isEmpty() ? haltAll() : super.call();
    }

    private int haltAll() {
        PipelineConfig config = config();
        try (PipelineHome home = open(config)) {
            say(home.deployments().orders().halt(orders(), reason, operator()));
            if (config.deploy().command().isPresent()) {
                say("Your own command (stages.deploy.command) heeds that only if it looks for the file itself: %s"
                        .formatted(new KillSwitch(config.home()).file()));
            }
            return ExitCode.OK;
        } catch (PipelineException e) {
            // whatever keeps the database from being written must not keep traders from being stopped
            KillSwitch killSwitch = new KillSwitch(config.home());
            killSwitch.set(orders(), "by " + operator().name() + (reason.isBlank() ? "" : ": " + reason.strip()));
            say("All traders of this home are %s by %s; that could not be recorded, though."
                    .formatted(orders().label(), killSwitch.file()));
            throw e;
        }
    }

    @Override
    List<String> trials() {
        return trials;
    }

    private TradingState orders() {
        return reducing ? TradingState.REDUCING : TradingState.HALTED;
    }

    @Override
    Deployment want(DeploymentCommands commands, TrialKey key) {
        return commands.halt(key, orders(), reason, operator());
    }

    @Override
    String announcement(Deployment wanted, Deployments deployments) {
        return (reducing
                        ? "enters nothing more from its next bar on; sales still run. Until `resume %s`."
                        : "gives no orders from its next bar on, not even sales; positions stay as they are. Until `resume %s`.")
                .formatted(wanted.key());
    }

    @Override
    boolean isSo(Deployment deployment, Deployments deployments) {
        return deployments.isTold(deployment);
    }

    @Override
    String outcome(Deployment now) {
        return now.status() == DeploymentStatus.RUNNING
                ? "was told: %s.".formatted(now.orders().label())
                : "is %s; it is %s once it is started."
                        .formatted(now.status().label(), now.orders().label());
    }
}
