package io.pipelinev2.runner;

import io.pipelinev2.backtest.BacktestResult;
import io.pipelinev2.backtest.overfit.OverfitMode;
import io.pipelinev2.backtest.overfit.OverfitPanel;
import io.pipelinev2.backtest.overfit.OverfitStudy;
import io.pipelinev2.backtest.overfit.StudyCounts;
import io.pipelinev2.backtest.review.BacktestedTrials;
import io.pipelinev2.core.trial.Trial;
import io.pipelinev2.runner.config.DatabaseLocation;
import io.pipelinev2.runner.config.PipelineConfig;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The overfitting panel of a result that is not in the state: beside all trials that the state has results of on the same
 * data, if there is a state.
 */
public final class PanelLookup {

    private record Others(BacktestedTrials trials, StudyCounts counts) {}

    private PanelLookup() {}

    /** Empty if the configuration wants no panels. Nothing is written. */
    public static Optional<OverfitPanel> of(
            PipelineConfig config, SourceLookup source, Trial trial, BacktestResult result) {
        if (config.backtest().overfit().overfitMode() == OverfitMode.OFF) {
            return Optional.empty();
        }
        String name = trial.key().toString();
        StudyCounts tried = source.counts();
        Others others = others(config, result.dataSha256());
        BacktestedTrials all =
                others.trials().with(name, result.curves().firstBar(), BacktestedTrials.returnsOf(result.equity()));
        StudyCounts counts = others.counts().raw() > tried.raw() ? others.counts() : tried;
        return Optional.of(
                OverfitStudy.of(all.returns(), counts, result.periodsPerYear()).panel(name));
    }

    private static Others others(PipelineConfig config, String dataSha256) {
        if (config.database() instanceof DatabaseLocation.SqliteFile file && Files.notExists(file.path())) {
            return new Others(new BacktestedTrials(List.of(), Map.of()), new StudyCounts(0, 0));
        }
        try (PipelineHome home = PipelineHome.open(config)) {
            return home.store()
                    .read(tx -> new Others(BacktestedTrials.on(tx, dataSha256), BacktestedTrials.counts(tx)));
        }
    }
}
