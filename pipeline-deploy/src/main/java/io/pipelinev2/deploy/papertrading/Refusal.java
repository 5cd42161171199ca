package io.pipelinev2.deploy.papertrading;

import io.pipelinev2.backtest.environment.FillSide;

/**
 * An order that was not let through.
 *
 * @param side who decided it
 * @param asset price column, from 0
 * @param quantity units of the asset
 * @param price per unit, with the slippage
 * @param reason why, in words
 */
record Refusal(FillSide side, int asset, double quantity, double price, String reason) {}
