package io.pipelinev2.runner.view;

import io.pipelinev2.core.store.StoreReader;
import io.pipelinev2.core.trial.Trial;
import io.pipelinev2.deploy.DeployStage;
import io.pipelinev2.deploy.ranking.RankBy;
import io.pipelinev2.deploy.ranking.Standings;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where trials stand beside all others. It takes a look at every trial, so it is not for each request.
 *
 * @param backtest 1 for the best of the validated trials, as the deployer ranks them, by trial id
 * @param optuna 1 for the best objective value of its study, by trial id; equal ones share a rank
 */
public record TrialRanks(Map<Long, Integer> backtest, Map<Long, Integer> optuna) {

    public TrialRanks {
        backtest = Map.copyOf(backtest);
        optuna = Map.copyOf(optuna);
    }

    /** No trial has a known rank. */
    public static TrialRanks none() {
        return new TrialRanks(Map.of(), Map.of());
    }

    /** As they are now. */
    public static TrialRanks of(StoreReader tx, RankBy rankBy) {
        return of(tx, tx.trials(), rankBy);
    }

    static TrialRanks of(StoreReader tx, List<Trial> trials, RankBy rankBy) {
        // the deployer's own ranking, so that the table never contradicts its reasons; a rank does not depend on the
        // time
        return new TrialRanks(Standings.ranks(tx, DeployStage.NAME, rankBy, Instant.MAX), byObjective(trials));
    }

    private static Map<Long, Integer> byObjective(List<Trial> trials) {
        Map<Long, Map<Long, Double>> byStudy = new HashMap<>();
        for (Trial trial : trials) {
            Double score = score(trial);
            if (score != null) {
                byStudy.computeIfAbsent(trial.studyId(), id -> new HashMap<>()).put(trial.id(), score);
            }
        }
        Map<Long, Integer> all = new HashMap<>();
        byStudy.values().forEach(scores -> all.putAll(Ranks.of(scores)));
        return all;
    }

    /** Of which more is better, or null if there is none. */
    private static @Nullable Double score(Trial trial) {
        Double value = trial.value();
        if (value == null) {
            return null;
        }
        return switch (trial.direction()) {
            case MAXIMIZE -> value;
            case MINIMIZE -> -value;
            case NOT_SET -> null;
        };
    }
}
