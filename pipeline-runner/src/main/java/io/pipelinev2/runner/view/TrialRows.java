package io.pipelinev2.runner.view;

import io.pipelinev2.core.stage.StageRun;
import io.pipelinev2.core.store.StoreReader;
import io.pipelinev2.core.trial.Trial;
import io.pipelinev2.deploy.DeployStage;
import io.pipelinev2.deploy.ranking.RankBy;
import io.pipelinev2.deploy.ranking.Standings;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Builds the rows of all trials from one state of the store, because a rank is known only beside all others. */
final class TrialRows {

    private final List<Trial> trials;
    private final Map<Long, List<StageRun>> stages;
    private final Map<Long, Integer> ranks;
    private final Map<Long, Integer> optunaRanks;

    TrialRows(StoreReader tx, RankBy rankBy) {
        trials = tx.trials();
        stages = tx.stagesByTrial();
        // the deployer's own ranking, so that the table never contradicts its reasons; a rank does not depend on the
        // time
        ranks = Standings.ranks(tx, DeployStage.NAME, rankBy, Instant.MAX);
        optunaRanks = rankByObjective();
    }

    List<TrialRow> all() {
        List<TrialRow> rows = new ArrayList<>(trials.size());
        trials.forEach(trial -> rows.add(row(trial)));
        return rows;
    }

    TrialRow row(Trial trial) {
        Map<String, StageCell> cells = new LinkedHashMap<>();
        stagesOf(trial).forEach(run -> cells.put(run.name(), StageCell.of(run)));
        StageRun backtest = backtestOf(trial);
        return new TrialRow(
                trial.key().study(),
                trial.key().number(),
                trial.value(),
                trial.direction(),
                trial.status(),
                trial.heldReason(),
                trial.reason(),
                cells,
                metrics(backtest),
                trades(backtest),
                ranks.get(trial.id()),
                optunaRanks.get(trial.id()));
    }

    private Map<Long, Integer> rankByObjective() {
        Map<Long, Map<Long, Double>> byStudy = new HashMap<>();
        for (Trial trial : trials) {
            put(byStudy.computeIfAbsent(trial.studyId(), id -> new HashMap<>()), trial, score(trial));
        }
        Map<Long, Integer> all = new HashMap<>();
        byStudy.values().forEach(scores -> all.putAll(Ranks.of(scores)));
        return all;
    }

    private @Nullable StageRun backtestOf(Trial trial) {
        return stagesOf(trial).stream()
                .filter(run -> run.name().equals(TrialRow.BACKTEST))
                .findFirst()
                .orElse(null);
    }

    private List<StageRun> stagesOf(Trial trial) {
        return stages.getOrDefault(trial.id(), List.of());
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

    private static void put(Map<Long, Double> scores, Trial trial, @Nullable Double score) {
        if (score != null) {
            scores.put(trial.id(), score);
        }
    }

    private static @Nullable Long trades(@Nullable StageRun backtest) {
        return result(backtest, "trades") instanceof Number count ? count.longValue() : null;
    }

    // JsonValues has checked that the keys of maps in results are text.
    @SuppressWarnings("unchecked")
    private static @Nullable Map<String, @Nullable Object> metrics(@Nullable StageRun backtest) {
        return result(backtest, "metrics") instanceof Map<?, ?> map ? (Map<String, @Nullable Object>) map : null;
    }

    private static @Nullable Object result(@Nullable StageRun backtest, String name) {
        if (backtest == null) {
            return null;
        }
        Map<String, @Nullable Object> results = backtest.results();
        return results == null ? null : results.get(name);
    }
}
