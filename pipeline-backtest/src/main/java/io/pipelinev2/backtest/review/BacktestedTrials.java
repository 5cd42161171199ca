package io.pipelinev2.backtest.review;

import io.pipelinev2.backtest.BacktestStage;
import io.pipelinev2.backtest.overfit.OverfitStudy;
import io.pipelinev2.backtest.overfit.StudyCounts;
import io.pipelinev2.backtest.overfit.TrialReturns;
import io.pipelinev2.core.stage.Series;
import io.pipelinev2.core.store.StoreReader;
import io.pipelinev2.core.store.Study;
import io.pipelinev2.core.trial.Trial;
import io.pipelinev2.core.trial.TrialCounts;
import io.pipelinev2.core.trial.TrialStatus;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;

/**
 * The trials that were backtested on the same data, the rejected ones too: they were tries.
 *
 * @param returns per step, by the names of the trials; those come first that should be compared if there are too many
 * @param ids of the trials by name
 */
public record BacktestedTrials(List<TrialReturns> returns, Map<String, Long> ids) {

    public BacktestedTrials {
        returns = List.copyOf(returns);
        ids = Map.copyOf(ids);
    }

    /**
     * Those whose equity on this market data is in the store: all that have not failed, and of the failed ones the first, up
     * to {@link OverfitStudy#MAX_COMPARED} together.
     */
    public static BacktestedTrials on(StoreReader tx, String dataSha256) {
        Map<Long, Integer> firstBars = new TreeMap<>();
        tx.series(BacktestStage.NAME, BacktestStage.FIRST_BAR, dataSha256)
                .forEach((id, firstBar) -> firstBars.put(id, (int) firstBar.values()[0]));
        Set<Long> standing = standing(tx, firstBars.keySet());
        List<TrialReturns> returns = new ArrayList<>();
        Map<String, Long> ids = new LinkedHashMap<>();
        Stream.concat(standing.stream(), firstBars.keySet().stream().filter(id -> !standing.contains(id)))
                .limit(Math.max(OverfitStudy.MAX_COMPARED, standing.size()))
                .forEach(id -> tx.trial(id).ifPresent(trial -> {
                    String name = trial.key().toString();
                    returns.add(new TrialReturns(name, firstBars.getOrDefault(id, 0), returnsOf(equity(tx, id))));
                    ids.put(name, id);
                }));
        return new BacktestedTrials(returns, ids);
    }

    /** One at a time, because all together are large. */
    private static double[] equity(StoreReader tx, long id) {
        return tx.seriesOf(id, BacktestStage.NAME).stream()
                .filter(series -> series.name().equals(BacktestStage.EQUITY))
                .map(Series::values)
                .findFirst()
                .orElse(new double[0]);
    }

    /** Those of these trials that have not failed, in order of their ids. */
    static SortedSet<Long> standing(StoreReader tx, Set<Long> ids) {
        SortedSet<Long> standing = new TreeSet<>();
        tx.trialsIn(EnumSet.complementOf(EnumSet.of(TrialStatus.FAILED))).stream()
                .map(Trial::id)
                .filter(ids::contains)
                .forEach(standing::add);
        return standing;
    }

    /**
     * These and one more, which takes the place of one of the same name.
     *
     * @param firstBar row of the market data at which the first step began
     */
    public BacktestedTrials with(String name, int firstBar, double[] stepReturns) {
        List<TrialReturns> all = new ArrayList<>();
        all.add(new TrialReturns(name, firstBar, stepReturns));
        returns.stream().filter(trial -> !trial.trial().equals(name)).forEach(all::add);
        return new BacktestedTrials(all, ids);
    }

    /**
     * How often was tried: the trials of all studies in the store. Those of a study that was deleted count too, as many as
     * were last seen of it, because what was seen of the data then is not unseen.
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
