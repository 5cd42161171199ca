package io.pipelinev2.backtest.overfit;

/**
 * One way to halve the time: how the best trial of the one half did in both.
 *
 * @param inSample its Sharpe per step in the half that it was chosen in
 * @param outOfSample its Sharpe per step in the other half
 */
public record SplitPoint(double inSample, double outOfSample) {}
