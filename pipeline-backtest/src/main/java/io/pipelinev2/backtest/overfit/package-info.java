/**
 * How much of a trial's success is skill, and how much is having tried many times.
 *
 * <p>The best of many trials looks good even when none of them can do anything. {@link
 * io.pipelinev2.backtest.overfit.OverfitStudy} takes the backtest returns of a study's trials and computes, once, what all
 * of them share; its {@link io.pipelinev2.backtest.overfit.OverfitPanel panels} say for each trial what is left after
 * the number of trials is counted against it; {@link io.pipelinev2.backtest.overfit.OverfitRules} turn a panel into a
 * verdict.
 *
 * <p>Sharpe ratios here are per step, mean over sample deviation, unless a name says annual. Skew and kurtosis are those
 * of the population, the kurtosis raw (3 for a normal distribution). The probabilistic and the deflated Sharpe ratio have
 * the form of the papers of 2012 and 2014, whose standard error is taken at the observed Sharpe ratio; the revision of
 * 2025 takes it at the null hypothesis and gives other numbers, and the two must not be mixed.
 */
@NullMarked
package io.pipelinev2.backtest.overfit;

import org.jspecify.annotations.NullMarked;
