package io.pipelinev2.runner.config;

/**
 * What is the backtest stage's own: in the block {@code stages.backtest}.
 *
 * @param gates that a trial has to pass
 */
public record BacktestConfig(GatesConfig gates) {

    static BacktestConfig read(Options options) {
        return new BacktestConfig(GatesConfig.read(options));
    }
}
