package io.pipelinev2.runner;

import io.pipelinev2.backtest.BacktestResult;
import io.pipelinev2.backtest.BacktestStage;
import io.pipelinev2.backtest.ExternalRun;
import io.pipelinev2.backtest.overfit.OverfitMode;
import io.pipelinev2.backtest.overfit.OverfitPanel;
import io.pipelinev2.backtest.overfit.OverfitStudy;
import io.pipelinev2.backtest.overfit.StudyCounts;
import io.pipelinev2.backtest.overfit.TrialReturns;
import io.pipelinev2.backtest.review.BacktestedTrials;
import io.pipelinev2.core.stage.Series;
import io.pipelinev2.core.trial.Trial;
import io.pipelinev2.runner.config.DatabaseLocation;
import io.pipelinev2.runner.config.PipelineConfig;
import io.pipelinev2.store.StateGlance;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The overfitting panel of a result that is not in the state: beside all trials that the state has results of on the same
 * data, if there is a state.
 */
public final class PanelLookup {

    private PanelLookup() {}

    /**
     * Empty if the configuration wants no panels. Nothing is written.
     *
     * @throws io.pipelinev2.core.store.StoreException if there is a state and it cannot be read
     */
    public static Optional<OverfitPanel> of(
            PipelineConfig config, SourceLookup source, Trial trial, BacktestResult result) {
        return of(
                config,
                source,
                trial,
                new Curve(result.dataSha256(), result.curves().firstBar(), result.equity(), result.periodsPerYear()));
    }

    /**
     * The same of a backtest of the user's own.
     *
     * @throws io.pipelinev2.core.store.StoreException if there is a state and it cannot be read
     */
    public static Optional<OverfitPanel> of(PipelineConfig config, SourceLookup source, Trial trial, ExternalRun run) {
        return of(
                config, source, trial, new Curve(run.dataSha256(), run.firstBar(), run.equity(), run.periodsPerYear()));
    }

    /** What is compared. */
    private record Curve(String dataSha256, int firstBar, double[] equity, double periodsPerYear) {}

    private static Optional<OverfitPanel> of(PipelineConfig config, SourceLookup source, Trial trial, Curve result) {
        if (config.backtest().overfit().overfitMode() == OverfitMode.OFF) {
            return Optional.empty();
        }
        Optional<StateGlance> state = state(config, result.dataSha256());
        BacktestedTrials all = state.map(PanelLookup::trials)
                .orElseGet(() -> new BacktestedTrials(List.of(), Map.of()))
                .with(trial.key().toString(), result.firstBar(), BacktestedTrials.returnsOf(result.equity()));
        StudyCounts tried = source.counts();
        StudyCounts seen = state.map(StateGlance::counts)
                .map(counts -> new StudyCounts(counts.complete(), counts.pruned()))
                .orElse(tried);
        StudyCounts counts = seen.raw() > tried.raw() ? seen : tried;
        return Optional.of(OverfitStudy.of(all.returns(), counts, result.periodsPerYear())
                .panel(trial.key().toString()));
    }

    private static Optional<StateGlance> state(PipelineConfig config, String dataSha256) {
        return config.database() instanceof DatabaseLocation.SqliteFile file
                ? StateGlance.ofSqlite(file.path(), BacktestStage.NAME, dataSha256)
                : StateGlance.ofPostgres(
                        ((DatabaseLocation.PostgresUrl) config.database()).url(), BacktestStage.NAME, dataSha256);
    }

    private static BacktestedTrials trials(StateGlance state) {
        List<TrialReturns> returns = new ArrayList<>();
        state.measured().forEach((key, series) -> {
            Optional<double[]> equity = values(series, BacktestStage.EQUITY);
            Optional<double[]> firstBar = values(series, BacktestStage.FIRST_BAR);
            if (equity.isPresent() && firstBar.isPresent()) {
                returns.add(new TrialReturns(
                        key.toString(), (int) firstBar.get()[0], BacktestedTrials.returnsOf(equity.get())));
            }
        });
        return new BacktestedTrials(returns, Map.of());
    }

    private static Optional<double[]> values(List<Series> series, String name) {
        return series.stream()
                .filter(one -> one.name().equals(name))
                .map(Series::values)
                .findFirst();
    }
}
