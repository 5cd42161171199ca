/**
 * Backtests: a trial's policy plays the recorded market once, and the figures of that game pass the gates or do not.
 *
 * <p>{@link io.pipelinev2.backtest.Backtest} is the library, usable in a few lines and without the rest of the pipeline;
 * {@link io.pipelinev2.backtest.BacktestStage} is the same thing as a stage of the pipeline.
 */
@NullMarked
package io.pipelinev2.backtest;

import org.jspecify.annotations.NullMarked;
