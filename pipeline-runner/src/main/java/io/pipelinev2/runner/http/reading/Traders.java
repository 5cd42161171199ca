package io.pipelinev2.runner.http.reading;

import io.pipelinev2.core.deployment.Deployment;
import io.pipelinev2.core.deployment.ProcessRun;
import io.pipelinev2.core.store.Alert;
import io.pipelinev2.core.store.PipelineStore;
import io.pipelinev2.core.store.StoreReader;
import io.pipelinev2.runner.view.DeploymentRow;
import io.pipelinev2.runner.view.DeploymentsView;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What the tables of deployments show, and what else wants a human now.
 *
 * @param view all deployments
 * @param accounts the paper accounts that have begun, by deployment id
 * @param crashes how often each deployment's process crashed within a day, by deployment id
 * @param logs how much each deployment's process has written since it was started last, by deployment id
 * @param alerts the open ones
 */
public record Traders(
        DeploymentsView view,
        Map<Long, Account> accounts,
        Map<Long, Integer> crashes,
        Map<Long, Long> logs,
        List<Alert> alerts) {

    private static final Duration DAY = Duration.ofDays(1);

    public Traders {
        accounts = Map.copyOf(accounts);
        crashes = Map.copyOf(crashes);
        logs = Map.copyOf(logs);
        alerts = List.copyOf(alerts);
    }

    public static Traders read(PipelineStore store, DeploymentsView.Sources sources, AccountBook book) {
        DeploymentsView view = DeploymentsView.of(store, sources);
        Map<Long, Long> logs = new HashMap<>();
        for (DeploymentRow row : view.rows()) {
            sources.logBytes(row.deployment())
                    .ifPresent(bytes -> logs.put(row.deployment().id(), bytes));
        }
        return store.read(tx -> read(tx, view, logs, book, store.now()));
    }

    private static Traders read(
            StoreReader tx, DeploymentsView view, Map<Long, Long> logs, AccountBook book, Instant now) {
        List<Deployment> deployments =
                view.rows().stream().map(DeploymentRow::deployment).toList();
        Map<Long, Integer> crashes = new HashMap<>();
        for (Deployment deployment : deployments) {
            crashes.put(deployment.id(), crashes(tx.processRuns(deployment.id()), now.minus(DAY)));
        }
        return new Traders(view, book.read(tx, deployments, now), crashes, logs, tx.openAlerts());
    }

    private static int crashes(List<ProcessRun> runs, Instant since) {
        return (int) runs.stream()
                .filter(run ->
                        run.crashed() && run.endedAt() != null && run.endedAt().isAfter(since))
                .count();
    }
}
