package io.pipelinev2.backtest;

import io.pipelinev2.backtest.metrics.LegacyV2Metrics;
import io.pipelinev2.backtest.metrics.PerformanceMetrics;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * The equity curve of a backtest in another environment, and what it comes to.
 *
 * @param equity at the start and after each step: steps + 1 values
 * @param benchmark what the market was a multiple of, at the start and after each step, or null if that was not told
 * @param trades how many there were, if that was told
 * @param firstBar row of the data at which the curve begins
 * @param dataSha256 what it was measured on: results with different ones are not comparable
 * @param periodsPerYear steps per year, by which metrics were annualised
 */
public record ExternalRun(
        double[] equity,
        double @Nullable [] benchmark,
        OptionalDouble trades,
        int firstBar,
        String dataSha256,
        PerformanceMetrics metrics,
        LegacyV2Metrics legacyV2,
        double periodsPerYear) {

    /** Takes its own copies. */
    public ExternalRun {
        equity = equity.clone();
        benchmark = benchmark == null ? null : benchmark.clone();
    }

    /** A copy of the equity curve. */
    @Override
    public double[] equity() {
        return equity.clone();
    }

    /** A copy of the benchmark, or null. */
    @Override
    public double @Nullable [] benchmark() {
        return benchmark == null ? null : benchmark.clone();
    }
}
