package io.pipelinev2.backtest.overfit;

import io.pipelinev2.backtest.metrics.Metric;

/**
 * The effective number of trials of a study: what was measured on the compared trials, scaled to all tries.
 *
 * @param used the one that deflates
 * @param method in words, how it was found and why so
 */
record EffectiveNumber(
        double used,
        String method,
        Metric byAverageCorrelation,
        Metric byEffectiveRank,
        Metric byParticipation,
        Metric byClusters) {

    /** Measures trials that vary, one row each. */
    static EffectiveNumber of(AlignedReturns varying, long raw) {
        int n = varying.trials();
        if (n < 2) {
            Metric none = Metric.undefined("needs 2 backtested trials that trade on the same data, there are " + n);
            return new EffectiveNumber(raw, tooFew(raw, n), none, none, none, none);
        }
        EffectiveTrials measured = EffectiveTrials.of(varying);
        double used = n < OverfitStudy.MIN_COMPARED ? raw : scaled(measured.byParticipation(), n, raw);
        String method = n < OverfitStudy.MIN_COMPARED
                ? tooFew(raw, n)
                : "participation ratio of " + n + " backtested trials, times " + raw + "/" + n
                        + " for those that were not, at least 2";
        return new EffectiveNumber(
                used,
                method,
                Metric.of(scaled(measured.byAverageCorrelation(), n, raw)),
                scaled(measured.byEffectiveRank(), n, raw),
                Metric.of(scaled(measured.byParticipation(), n, raw)),
                scaled(measured.byClusters(), n, raw));
    }

    private static String tooFew(long raw, int n) {
        return "all " + raw + " trials: fewer than " + OverfitStudy.MIN_COMPARED + " can be compared (" + n
                + "), which says too little about how alike they are";
    }

    private static Metric scaled(Metric measured, int n, long raw) {
        Double value = measured.value();
        return value == null ? measured : Metric.of(scaled(value, n, raw));
    }

    private static double scaled(double measured, int n, long raw) {
        return Math.min(raw, Math.max(2, measured * raw / n));
    }
}
