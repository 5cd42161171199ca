package io.pipelinev2.runner;

import io.pipelinev2.backtest.BacktestStage;
import io.pipelinev2.backtest.Provenance;
import io.pipelinev2.core.RefusedException;
import io.pipelinev2.core.execution.Operations;
import io.pipelinev2.core.monitoring.Operator;
import io.pipelinev2.core.stage.StageRun;
import io.pipelinev2.core.stage.StageStatus;
import io.pipelinev2.core.store.PipelineStore;
import io.pipelinev2.core.trial.Trial;
import io.pipelinev2.core.trial.TrialStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Repeats the backtests of deployed and completed trials whose results rest on something that is another by now: the market
 * data, the rules of the environment, the gates, the program. A result that rests on all the same is used again.
 */
public final class Revalidation {

    private final PipelineStore store;
    private final BacktestStage backtest;
    private final Operations operations;

    /**
     * What was done about one trial.
     *
     * @param trial the trial
     * @param differences what its result rests on that is another by now, in words; empty if it is used again
     * @param refused why its backtest is not repeated though it should be, in words, or null
     */
    public record Repeated(
            Trial trial, List<String> differences, @Nullable String refused) {}

    /** @param backtest as the configuration describes it now */
    Revalidation(PipelineStore store, BacktestStage backtest) {
        this.store = store;
        this.backtest = backtest;
        this.operations = new Operations(store);
    }

    /**
     * Makes the backtests due again that are not good any more.
     *
     * @param only the trial that is meant, or null for all that are deployed or completed
     * @param always whether to repeat results that are still good, too
     * @return what was done about each trial that has such a result
     * @throws RefusedException if one trial is meant and cannot be repeated as things stand
     */
    public List<Repeated> begin(@Nullable Trial only, boolean always, String reason, Operator by) {
        List<Trial> trials = only != null
                ? List.of(only)
                : store.read(tx -> tx.trialsIn(List.of(TrialStatus.DEPLOYED, TrialStatus.COMPLETED)));
        List<Repeated> all = new ArrayList<>();
        for (Trial trial : trials) {
            try {
                repeated(trial, always, reason, by).ifPresent(all::add);
            } catch (RefusedException e) {
                // another operator was faster with this one
                if (only != null) {
                    throw e;
                }
                all.add(new Repeated(trial, List.of(), e.getMessage()));
            }
        }
        return all;
    }

    private Optional<Repeated> repeated(Trial trial, boolean always, String reason, Operator by) {
        Optional<StageRun> stage = store.read(tx -> tx.stage(trial.id(), BacktestStage.NAME));
        Map<String, @Nullable Object> results = stage.map(StageRun::results).orElse(null);
        if (results == null || stage.get().status() != StageStatus.PASSED) {
            boolean repeatsAlready = stage.filter(StageRun::repeats).isPresent();
            if (repeatsAlready || trial.status() == TrialStatus.FAILED) {
                throw new RefusedException("Trial %s: %s."
                        .formatted(
                                trial.key(),
                                repeatsAlready
                                        ? "its backtest is being repeated already"
                                        : "it has failed; use retry"));
            }
            return Optional.empty();
        }
        List<String> differences = Provenance.of(results).differencesTo(backtest.provenanceOf(trial, results));
        if (always || !differences.isEmpty()) {
            String what = differences.isEmpty() ? "asked for" : "changed: " + String.join(", ", differences);
            operations.revalidate(trial.key(), BacktestStage.NAME, reason.isBlank() ? what : what + "; " + reason, by);
        }
        return Optional.of(new Repeated(trial, differences, null));
    }
}
