package io.pipelinev2.runner.config;

/**
 * What is the backtest stage's own: in the block {@code stages.backtest}.
 *
 * @param gates that a trial has to pass
 * @param overfit what is done about overfitting
 * @param gated whether gates judge: always in the built-in backtest; of a stage of the user's own in its place, if the file
 *     names gates
 */
public record BacktestConfig(GatesConfig gates, OverfitConfig overfit, boolean gated) {

    static BacktestConfig read(Options options) {
        return new BacktestConfig(
                GatesConfig.read(options),
                OverfitConfig.read(options.section("overfit")),
                !UserStage.isDescribedIn(options) || options.has("gates"));
    }
}
