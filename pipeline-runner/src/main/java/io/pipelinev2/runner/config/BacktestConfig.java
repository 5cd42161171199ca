package io.pipelinev2.runner.config;

/**
 * What is the backtest stage's own: in the block {@code stages.backtest}.
 *
 * @param gates that a trial has to pass
 * @param overfit what is done about overfitting
 * @param gatesAreSet whether the file names gates; without that, they do not judge what a stage of the user's own passes in
 *     place of the backtest
 */
public record BacktestConfig(GatesConfig gates, OverfitConfig overfit, boolean gatesAreSet) {

    static BacktestConfig read(Options options) {
        return new BacktestConfig(
                GatesConfig.read(options), OverfitConfig.read(options.section("overfit")), options.has("gates"));
    }
}
