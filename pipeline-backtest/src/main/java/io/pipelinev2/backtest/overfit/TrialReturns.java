package io.pipelinev2.backtest.overfit;

/**
 * What one backtested trial earned, step by step, on the data that all trials of the study were backtested on.
 *
 * <p>The last step of every trial is the last bar of the data; the first differs, because lookbacks differ. A bankrupt
 * trial ends with its return of -1 and needs no padding.
 *
 * @param trial its name, unique within the study
 * @param returns simple returns per step; not copied, so leave them alone
 */
public record TrialReturns(String trial, double[] returns) {

    /** Checks that every return is a number. */
    public TrialReturns {
        if (trial.isBlank()) {
            throw new IllegalArgumentException("a trial's returns need the trial's name, it was blank");
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
