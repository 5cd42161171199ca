package io.pipelinev2.runner;

import io.pipelinev2.backtest.BacktestStage;
import io.pipelinev2.backtest.Provenance;
import io.pipelinev2.core.execution.Operations;
import io.pipelinev2.core.monitoring.Operator;
import io.pipelinev2.core.stage.StageRun;
import io.pipelinev2.core.stage.StageStatus;
import io.pipelinev2.core.store.PipelineStore;
import io.pipelinev2.core.trial.Trial;
import io.pipelinev2.core.trial.TrialStatus;
import java.util.ArrayList;
import java.util.List;
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
     */
    public record Repeated(Trial trial, List<String> differences) {}

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
     * @throws io.pipelinev2.core.execution.RefusedException if one trial is meant and it has nothing to repeat
     */
    public List<Repeated> begin(@Nullable Trial only, boolean always, String reason, Operator by) {
        List<Trial> trials = only != null
                ? List.of(only)
                : store.read(tx -> tx.trialsIn(List.of(TrialStatus.DEPLOYED, TrialStatus.COMPLETED)));
        List<Repeated> all = new ArrayList<>();
        for (Trial trial : trials) {
            StageRun stage = store.read(tx -> tx.stage(trial.id(), BacktestStage.NAME))
                    .filter(run -> run.status() == StageStatus.PASSED && run.results() != null)
                    .orElse(null);
            if (stage == null || stage.results() == null) {
                if (only != null) {
                    operations.revalidate(trial.key(), BacktestStage.NAME, reason, by);
                }
                continue;
            }
            List<String> differences =
                    Provenance.of(stage.results()).differencesTo(backtest.provenanceOf(trial, stage.results()));
            if (always || !differences.isEmpty()) {
                String what = differences.isEmpty() ? "asked for" : "changed: " + String.join(", ", differences);
                operations.revalidate(
                        trial.key(), BacktestStage.NAME, reason.isBlank() ? what : what + "; " + reason, by);
            }
            all.add(new Repeated(trial, differences));
        }
        return all;
    }
}
