package io.pipelinev2.runner.http.action;

import io.pipelinev2.core.execution.Operations;
import io.pipelinev2.core.monitoring.Operator;
import io.pipelinev2.core.store.PipelineStore;
import io.pipelinev2.core.trial.TrialKey;
import io.pipelinev2.deploy.DeploymentCommands;
import io.pipelinev2.runner.http.exchange.Asked;

/**
 * An operator's request about one trial.
 *
 * @param asked what was sent
 * @param store where it is written
 * @param desk what the home offers
 * @param key which trial
 */
record Change(Asked asked, PipelineStore store, HomeDesk desk, TrialKey key) {

    Operations operations() {
        return new Operations(store);
    }

    DeploymentCommands commands() {
        return desk.commands(store);
    }

    String reason() {
        return asked.reason();
    }

    Operator by() {
        return asked.caller().operator();
    }
}
