package io.pipelinev2.core.store;

import io.pipelinev2.core.stage.StageRun;
import io.pipelinev2.core.trial.Trial;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What holds in every store between any two transactions, whatever was killed in between. A state that breaks it is a fault
 * of the program, of the disk, or of somebody who wrote to the database by hand.
 */
public final class Invariants {

    private Invariants() {}

    /**
     * Looks at all trials, stages, attempts that have not ended, and deployments. It reads each table once, so it may be
     * called on a store of 100,000 trials; it knows nothing of what the configuration says at present.
     *
     * @param tx one consistent state
     * @return every broken rule in words, with what it is about and what was found; empty if all is well
     */
    public static List<String> violations(StoreReader tx) {
        List<String> found = new ArrayList<>();
        Map<Long, List<StageRun>> stages = tx.stagesByTrial();
        Map<Long, Trial> trials = new HashMap<>();
        for (Trial trial : tx.trials()) {
            trials.put(trial.id(), trial);
            List<StageRun> own = stages.getOrDefault(trial.id(), List.of());
            own.forEach(stage -> found.addAll(new StageRules(trial, stage).violations()));
            found.addAll(new TrialRules(trial, own).violations());
        }
        found.addAll(new AttemptRules(tx, trials, stages).violations());
        found.addAll(new DeploymentRules(tx, trials.values()).violations());
        return List.copyOf(found);
    }
}
