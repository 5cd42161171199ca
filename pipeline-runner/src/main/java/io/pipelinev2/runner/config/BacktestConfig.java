package io.pipelinev2.runner.config;

/**
 * What is the backtest stage's own: in the block {@code stages.backtest}.
 *
 * @param gates that a trial has to pass
 * @param overfit what is done about overfitting
 */
public record BacktestConfig(GatesConfig gates, OverfitConfig overfit) {

    static BacktestConfig read(Options options) {
        return new BacktestConfig(GatesConfig.read(options), OverfitConfig.read(options.section("overfit")));
    }
}
