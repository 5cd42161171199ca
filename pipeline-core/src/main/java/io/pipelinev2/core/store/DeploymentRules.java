package io.pipelinev2.core.store;

import io.pipelinev2.core.deployment.Deployment;
import io.pipelinev2.core.deployment.DeploymentStatus;
import io.pipelinev2.core.deployment.DesiredState;
import io.pipelinev2.core.deployment.ProcessRun;
import io.pipelinev2.core.trial.Trial;
import io.pipelinev2.core.trial.TrialStatus;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What trials, their deployments and the starts of their processes say of each other. A deployment that is meant to run may
 * belong to a trial that is not deployed: one that is validated again goes on trading.
 */
final class DeploymentRules {

    private final StoreReader tx;
    private final Collection<Trial> trials;
    private final List<String> violations = new ArrayList<>();

    DeploymentRules(StoreReader tx, Collection<Trial> trials) {
        this.tx = tx;
        this.trials = trials;
    }

    List<String> violations() {
        Map<Long, List<Long>> active = new HashMap<>();
        for (Deployment deployment : tx.deployments()) {
            if (deployment.desired() == DesiredState.RUNNING) {
                active.computeIfAbsent(deployment.trialId(), id -> new ArrayList<>())
                        .add(deployment.id());
            }
            starts(deployment);
        }
        for (Trial trial : trials) {
            List<Long> own = active.getOrDefault(trial.id(), List.of());
            if (own.size() > 1) {
                violations.add("%s: one deployment of a trial is meant to run, but %d of it are: ids %s."
                        .formatted(TrialRules.name(trial), own.size(), own));
            }
            if (own.isEmpty() && trial.status() == TrialStatus.DEPLOYED) {
                violations.add(
                        "%s is deployed: a deployed trial has a deployment that is meant to run, but it has none."
                                .formatted(TrialRules.name(trial)));
            }
        }
        return violations;
    }

    private void starts(Deployment deployment) {
        List<ProcessRun> unended = tx.processRuns(deployment.id()).stream()
                .filter(run -> run.endedAt() == null)
                .toList();
        if (unended.isEmpty()) {
            return;
        }
        String ids = unended.stream().map(ProcessRun::id).toList().toString();
        String name =
                "Deployment %d of trial %s (id %d)".formatted(deployment.id(), deployment.key(), deployment.trialId());
        if (deployment.status() != DeploymentStatus.RUNNING) {
            violations.add("%s: what is %s has no process, but process runs %s have not ended."
                    .formatted(name, deployment.status().label(), ids));
        } else if (unended.size() > 1) {
            violations.add(
                    "%s: one process of a deployment runs, but process runs %s have not ended.".formatted(name, ids));
        }
    }
}
