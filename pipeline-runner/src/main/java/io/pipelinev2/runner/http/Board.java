package io.pipelinev2.runner.http;

import io.pipelinev2.core.deployment.Deployment;
import io.pipelinev2.core.store.PipelineStore;
import io.pipelinev2.runner.view.DeploymentRow;
import io.pipelinev2.runner.view.DeploymentsView;
import io.pipelinev2.runner.view.TrialsView;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What the tables show.
 *
 * @param trials all trials
 * @param deployments all deployments
 * @param equity what the deployed accounts are worth, by deployment id, where that is known
 */
record Board(TrialsView trials, DeploymentsView deployments, Map<Long, Double> equity) {

    private static final Logger log = LoggerFactory.getLogger(Board.class);

    Board {
        equity = Map.copyOf(equity);
    }

    static Board read(PipelineStore store, String rankMetric, Function<Deployment, Optional<Double>> equity) {
        DeploymentsView deployments = DeploymentsView.of(store);
        Map<Long, Double> known = new HashMap<>();
        for (DeploymentRow row : deployments.rows()) {
            if (row.deployment().occupiesSlot()) {
                known(row.deployment(), equity)
                        .ifPresent(value -> known.put(row.deployment().id(), value));
            }
        }
        return new Board(TrialsView.of(store, rankMetric), deployments, known);
    }

    private static Optional<Double> known(Deployment deployment, Function<Deployment, Optional<Double>> equity) {
        try {
            return equity.apply(deployment).filter(Double::isFinite);
        } catch (RuntimeException e) {
            // One trader's unreadable file must not take the page away.
            log.debug("the equity of {} cannot be read", deployment.key(), e);
            return Optional.empty();
        }
    }
}
