package io.pipelinev2.backtest.overfit;

/**
 * What one backtested trial earned, step by step, on the data that all trials of the study were backtested on.
 *
 * <p>Lookbacks differ, and with them the first and the last bar that a trial plays; {@code firstBar} says which bar its
 * returns begin at. A bankrupt trial ends with its return of -1 and needs no padding.
 *
 * @param trial its name, unique within the study
 * @param firstBar row of the market data at which the first step began, at least 0; return i is that from row
 *     {@code firstBar + i} to the next
 * @param returns simple returns per step; not copied, so leave them alone
 */
public record TrialReturns(String trial, int firstBar, double[] returns) {

    /** Checks that every return is a number and that there is a first bar. */
    public TrialReturns {
        if (trial.isBlank()) {
            throw new IllegalArgumentException("a trial's returns need the trial's name, it was blank");
        }
        if (firstBar < 0) {
            throw new IllegalArgumentException(
                    "the first bar of trial '" + trial + "' must be at least 0, was " + firstBar);
        }
        for (int i = 0; i < returns.length; i++) {
            if (!Double.isFinite(returns[i])) {
                throw new IllegalArgumentException("trial '" + trial + "' has a non-finite return at index " + i + ": "
                        + returns[i] + "; backtest it again");
            }
        }
    }

    int steps() {
        return returns.length;
    }

    /** The row at which the last step ended. */
    int lastBar() {
        return firstBar + returns.length;
    }

    /** Index of the step that lost everything, or -1. */
    int bankruptAt() {
        for (int i = 0; i < returns.length; i++) {
            if (returns[i] <= -1) {
                return i;
            }
        }
        return -1;
    }
}
