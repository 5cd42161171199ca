/**
 * The bundled paper trader: a process of its own per deployment, which plays a validated model over the market bar by bar
 * with the very environment, policy and rules of its backtest, and never talks to a broker.
 *
 * <p>All it knows lies in its state directory: {@code trader.json} says what to trade, {@code state.json} where the
 * account stands and that the trader lives, {@code equity.csv} and {@code trades.csv} what happened, {@code exit.json}
 * how the process ended. Killed at any moment it continues where it stopped, and no bar is traded twice.
 */
@NullMarked
package io.pipelinev2.deploy.papertrading;

import org.jspecify.annotations.NullMarked;
