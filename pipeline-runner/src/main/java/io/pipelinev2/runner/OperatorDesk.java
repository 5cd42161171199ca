package io.pipelinev2.runner;

import io.pipelinev2.core.deployment.Deployment;
import io.pipelinev2.core.deployment.TradingState;
import io.pipelinev2.core.store.PipelineStore;
import io.pipelinev2.core.trial.TrialKey;
import io.pipelinev2.deploy.DeploymentCommands;
import io.pipelinev2.deploy.HomeOrders;
import io.pipelinev2.deploy.KillSwitch;
import io.pipelinev2.runner.http.action.HomeDesk;
import io.pipelinev2.runner.logging.Logging;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/** A configured home, as it is steered over HTTP. */
final class OperatorDesk implements HomeDesk {

    private final PipelineHome home;
    private final Deployments deployments;

    OperatorDesk(PipelineHome home) {
        this.home = home;
        this.deployments = home.deployments();
    }

    @Override
    public Set<String> stages() {
        return home.stages();
    }

    @Override
    public DeploymentCommands commands(PipelineStore store) {
        return deployments.commands(store);
    }

    @Override
    public HomeOrders orders(PipelineStore store) {
        return new HomeOrders(store, home.config().home());
    }

    @Override
    public Path haltUnrecorded(TradingState orders, String why) {
        KillSwitch killSwitch = new KillSwitch(home.config().home());
        killSwitch.set(orders, why);
        return killSwitch.file();
    }

    @Override
    public Duration stopGrace() {
        return deployments.stopGrace();
    }

    @Override
    public Duration checkInterval() {
        return home.config().daemon().checkInterval();
    }

    @Override
    public Path logs() {
        return home.config().logs().directory();
    }

    @Override
    public List<Path> trialLogs(TrialKey key) {
        return Logging.trialLogs(home.config().logs(), key);
    }

    @Override
    public List<Path> traderLogs(Deployment deployment, int start) {
        Path log = deployments.logOf(deployment, start);
        // what a capped log holds was copied there before it was emptied
        return List.of(log.resolveSibling(log.getFileName() + ".1"), log);
    }

    @Override
    public int starts(Deployment deployment) {
        return deployments.starts(deployment);
    }
}
