package io.pipelinev2.runner.http.action;

import io.pipelinev2.core.deployment.Deployment;
import io.pipelinev2.core.deployment.TradingState;
import io.pipelinev2.core.store.PipelineStore;
import io.pipelinev2.core.trial.TrialKey;
import io.pipelinev2.deploy.DeploymentCommands;
import io.pipelinev2.deploy.HomeOrders;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/** What a home lets be seen and done over HTTP beyond what its store tells. */
public interface HomeDesk {

    /** The names of all stages that the configuration knows. */
    Set<String> stages();

    /** What an operator may want of deployments, written to this store. */
    DeploymentCommands commands(PipelineStore store);

    /** Which orders all traders of the home may give, recorded in this store. */
    HomeOrders orders(PipelineStore store);

    /**
     * Halts all traders of the home by the file that they go by alone, for when the store cannot be written.
     *
     * @param why in words
     * @return the file
     */
    Path haltUnrecorded(TradingState orders, String why);

    /** How long a trader's process may take to end after it was asked to. */
    Duration stopGrace();

    /** How long the daemon waits between two looks for new trials. */
    Duration checkInterval();

    /** Below which all logs lie that may be shown. */
    Path logs();

    /** The files of what a trial's stages logged, oldest first; the last is or will be written to. */
    List<Path> trialLogs(TrialKey key);

    /**
     * The files of what a start of a deployment's process wrote, oldest first; any may be missing.
     *
     * @param deployment one that was started before
     * @param start which start, from 1
     */
    List<Path> traderLogs(Deployment deployment, int start);

    /** How often a deployment's process was started. */
    int starts(Deployment deployment);
}
