package io.pipelinev2.backtest.report;

import io.pipelinev2.backtest.metrics.Normal;
import io.pipelinev2.backtest.overfit.ExpectedMaximum;
import io.pipelinev2.backtest.overfit.SharpeEstimate;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How much a record of this length can say about a Sharpe ratio, per year.
 *
 * @param steps returns in the record
 * @param sharpe null when it is undefined
 * @param error its standard error (Bailey and López de Prado 2012), null when there is none
 * @param luckOf100 what the best of a hundred models without skill shows on average on a record of this length, if its
 *     returns were normal (Bailey and López de Prado 2014), null below two steps
 */
record SharpeInSample(
        int steps,
        @Nullable Double sharpe,
        @Nullable Double error,
        @Nullable Double luckOf100) {

    private static final int TRIALS = 100;

    static SharpeInSample of(RunSeries run) {
        int steps = run.steps();
        double year = Math.sqrt(run.periodsPerYear());
        SharpeEstimate estimate = SharpeOf.returns(run.returns(), 0, steps);
        Double error = estimate == null ? null : estimate.standardError().value();
        return new SharpeInSample(
                steps,
                estimate == null ? null : estimate.sharpe() * year,
                error == null ? null : error * year,
                steps < 2 ? null : ExpectedMaximum.of(TRIALS) / Math.sqrt(steps - 1.0) * year);
    }

    /** Half the width of the interval that holds the true ratio with 95 %. */
    @Nullable
    Double halfOf95() {
        return error == null ? null : error * Normal.quantile(0.975);
    }

    /** Whether a ratio of 0 is within that interval; null when there is none. */
    @Nullable
    Boolean mayBeZero() {
        Double half = halfOf95();
        return sharpe == null || half == null ? null : Math.abs(sharpe) <= half;
    }

    /** As JSON-like values. */
    Map<String, @Nullable Object> toMap() {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        map.put("steps", steps);
        map.put("sharpe_annual", sharpe);
        map.put("standard_error_annual", error);
        map.put("best_of_100_without_skill", luckOf100);
        return map;
    }
}
