package io.pipelinev2.backtest;

import io.pipelinev2.backtest.environment.TradingRules;
import io.pipelinev2.backtest.gate.GatePolicy;
import io.pipelinev2.backtest.market.MarketDataSettings;
import java.time.Duration;

/**
 * What the backtest stage works with.
 *
 * @param models where the models of trials lie
 * @param grace how long after its discovery a trial may wait for its model
 * @param data which market data, and what is known of it
 * @param periodsPerYear bars per year, by which metrics are annualised
 * @param rules of the trading environment
 * @param gates choose what a result must pass
 * @param sealed share of the last bars that no trial is judged on, from 0 and below 1
 */
public record BacktestSettings(
        ModelLocation models,
        Duration grace,
        MarketDataSettings data,
        double periodsPerYear,
        TradingRules rules,
        GatePolicy gates,
        double sealed) {

    /** Checks the numbers. */
    public BacktestSettings {
        if (grace.isNegative()) {
            throw new IllegalArgumentException("models.grace must not be negative, was " + grace);
        }
        if (!(periodsPerYear > 0) || Double.isInfinite(periodsPerYear)) {
            throw new IllegalArgumentException(
                    "data.periods_per_year must be positive and finite, was " + periodsPerYear);
        }
        if (!(sealed >= 0 && sealed < 1)) {
            throw new IllegalArgumentException("data.sealed must be a share from 0 and below 1, was " + sealed);
        }
    }
}
