/**
 * The trading environment: one game, played by the backtest, the stress test and the paper trader alike.
 *
 * <p>{@link io.pipelinev2.backtest.environment.TradingRules} are the rules of the game, {@link
 * io.pipelinev2.backtest.environment.AgentParameters} what one trial was trained with, and {@link
 * io.pipelinev2.backtest.environment.TradingEnvironment} the board. Arithmetic follows the original Python environment
 * under NumPy 2 to the last bit: cash and prices are doubles, holdings and actions are floats.
 */
@NullMarked
package io.pipelinev2.backtest.environment;

import org.jspecify.annotations.NullMarked;
