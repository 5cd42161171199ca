package io.pipelinev2.backtest;

import io.pipelinev2.backtest.environment.TradingRules;
import io.pipelinev2.backtest.gate.GateSet;
import io.pipelinev2.backtest.market.MarketDataSettings;
import java.nio.file.Path;
import java.time.Duration;

/**
 * What the backtest stage works with.
 *
 * @param models where the models of trials lie
 * @param grace how long after its discovery a trial may wait for its model
 * @param data which market data, and what is known of it
 * @param periodsPerYear bars per year, by which metrics are annualised
 * @param rules of the trading environment
 * @param gates that a result must pass
 */
public record BacktestSettings(
        ModelLocation models,
        Duration grace,
        MarketDataSettings data,
        double periodsPerYear,
        TradingRules rules,
        GateSet gates) {

    /** Checks the numbers. */
    public BacktestSettings {
        if (grace.isNegative()) {
            throw new IllegalArgumentException("models.grace must not be negative, was " + grace);
        }
        if (!(periodsPerYear > 0) || Double.isInfinite(periodsPerYear)) {
            throw new IllegalArgumentException(
                    "data.periods_per_year must be positive and finite, was " + periodsPerYear);
        }
    }

    /** Settings for market data of which only the directory is known. */
    public BacktestSettings(
            ModelLocation models, Duration grace, Path data, double periodsPerYear, TradingRules rules, GateSet gates) {
        this(models, grace, MarketDataSettings.of(data), periodsPerYear, rules, gates);
    }
}
