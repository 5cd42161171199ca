package io.pipelinev2.runner.http;

import io.pipelinev2.core.store.PipelineStore;
import io.pipelinev2.deploy.ranking.RankBy;
import io.pipelinev2.runner.view.DeploymentsView;
import io.pipelinev2.runner.view.TrialsView;

/**
 * What the tables show.
 *
 * @param trials all trials
 * @param deployments all deployments, and what the accounts of the deployed ones are worth
 */
record Board(TrialsView trials, DeploymentsView deployments) {

    static Board read(PipelineStore store, RankBy rankBy, DeploymentsView.Sources sources) {
        return new Board(TrialsView.of(store, rankBy), DeploymentsView.of(store, sources));
    }
}
