package io.pipelinev2.backtest.review;

import io.pipelinev2.backtest.BacktestStage;
import io.pipelinev2.backtest.overfit.StudyCounts;
import io.pipelinev2.backtest.overfit.TrialReturns;
import io.pipelinev2.core.store.StoreReader;
import io.pipelinev2.core.trial.Study;
import io.pipelinev2.core.trial.TrialCounts;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The trials that were backtested on the same data, the rejected ones too: they were tries.
 *
 * @param returns per step, by the names of the trials
 * @param ids of the trials by name
 */
public record BacktestedTrials(List<TrialReturns> returns, Map<String, Long> ids) {

    public BacktestedTrials {
        returns = List.copyOf(returns);
        ids = Map.copyOf(ids);
    }

    /** Those whose equity on this market data is in the store. */
    public static BacktestedTrials on(StoreReader tx, String dataSha256) {
        List<TrialReturns> returns = new ArrayList<>();
        Map<String, Long> ids = new LinkedHashMap<>();
        tx.series(BacktestStage.NAME, BacktestStage.EQUITY, dataSha256)
                .forEach((id, equity) -> tx.trial(id).ifPresent(trial -> {
                    String name = trial.key().toString();
                    returns.add(new TrialReturns(name, returnsOf(equity.values())));
                    ids.put(name, id);
                }));
        return new BacktestedTrials(returns, ids);
    }

    /** These and one more, which takes the place of one of the same name. */
    public BacktestedTrials with(String name, double[] stepReturns) {
        List<TrialReturns> all = new ArrayList<>(returns);
        all.removeIf(trial -> trial.trial().equals(name));
        all.add(new TrialReturns(name, stepReturns));
        return new BacktestedTrials(all, ids);
    }

    /**
     * How often was tried: the trials of all studies in the store. Those of a study that was deleted and made anew count,
     * too, because what was seen of the data then is not unseen.
     */
    public static StudyCounts counts(StoreReader tx) {
        long complete = 0;
        long pruned = 0;
        for (Study study : tx.studies()) {
            TrialCounts counts = study.counts();
            if (counts != null) {
                complete += counts.complete();
                pruned += counts.pruned();
            }
        }
        long recorded =
                tx.countByStatus().values().stream().mapToLong(Long::longValue).sum();
        return new StudyCounts(Math.max(complete, recorded), pruned);
    }

    long idOf(String name) {
        Long id = ids.get(name);
        if (id == null) {
            throw new IllegalArgumentException("there is no trial " + name);
        }
        return id;
    }

    /** Simple returns per step; the last is -1 if all equity was lost. */
    public static double[] returnsOf(double[] equity) {
        double[] returns = new double[Math.max(0, equity.length - 1)];
        for (int i = 0; i < returns.length; i++) {
            returns[i] = Math.max(equity[i + 1] / equity[i] - 1, -1);
            if (returns[i] == -1) {
                return Arrays.copyOf(returns, i + 1);
            }
        }
        return returns;
    }
}
