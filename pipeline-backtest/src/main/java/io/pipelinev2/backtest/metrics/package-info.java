/**
 * Performance figures of an equity curve, each with its formula.
 *
 * <p>A figure that is not defined is null with the reason in words; no epsilon is ever added to a denominator to make a
 * number appear. {@link io.pipelinev2.backtest.metrics.LegacyV2Metrics} is the one exception: it repeats the original
 * system's formulas so that old thresholds and old results stay comparable.
 */
@NullMarked
package io.pipelinev2.backtest.metrics;

import org.jspecify.annotations.NullMarked;
