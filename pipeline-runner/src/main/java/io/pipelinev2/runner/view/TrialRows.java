package io.pipelinev2.runner.view;

import io.pipelinev2.core.stage.StageRun;
import io.pipelinev2.core.store.StoreReader;
import io.pipelinev2.core.trial.Trial;
import io.pipelinev2.deploy.ranking.RankBy;
import java.util.List;
import java.util.Map;

/** Builds the rows of all trials from one state of the store, because a rank is known only beside all others. */
final class TrialRows {

    private final List<Trial> trials;
    private final Map<Long, List<StageRun>> stages;
    private final TrialRanks ranks;

    TrialRows(StoreReader tx, RankBy rankBy) {
        trials = tx.trials();
        stages = tx.stagesByTrial();
        ranks = TrialRanks.of(tx, trials, rankBy);
    }

    List<TrialRow> all() {
        return trials.stream().map(this::row).toList();
    }

    TrialRow row(Trial trial) {
        return TrialRow.of(trial, stages.getOrDefault(trial.id(), List.of()), ranks);
    }
}
