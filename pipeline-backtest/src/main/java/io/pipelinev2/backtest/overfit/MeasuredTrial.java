package io.pipelinev2.backtest.overfit;

import io.pipelinev2.backtest.metrics.Metric;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A trial with its Sharpe ratio, or with the reason why it has none.
 *
 * @param steps how many of its returns were measured
 */
record MeasuredTrial(
        TrialReturns returns, int steps, @Nullable SharpeEstimate estimate, String undefined) {

    /** Measures all its steps. */
    static MeasuredTrial of(TrialReturns trial) {
        return of(trial, 0, trial.steps());
    }

    /** Measures so many steps, from one on. */
    static MeasuredTrial of(TrialReturns trial, int from, int steps) {
        int bankruptAt = trial.bankruptAt();
        if (bankruptAt >= 0) {
            return without(trial, steps, "bankrupt: all equity was lost at step " + (bankruptAt + 1));
        }
        if (steps < 2) {
            return without(trial, steps, "needs 2 steps or more, had " + steps);
        }
        double[] r = trial.returns();
        int to = from + steps;
        double sum = 0;
        for (int i = from; i < to; i++) {
            sum += r[i];
        }
        double mean = sum / steps;
        double squares = 0;
        double cubes = 0;
        double fourths = 0;
        for (int i = from; i < to; i++) {
            double distance = r[i] - mean;
            double square = distance * distance;
            squares += square;
            cubes += square * distance;
            fourths += square * square;
        }
        double deviation = Math.sqrt(squares / (steps - 1));
        if (isZero(deviation, mean)) {
            return without(trial, steps, "all returns are equal, so there is no deviation to divide by");
        }
        double variance = squares / steps;
        return new MeasuredTrial(
                trial,
                steps,
                new SharpeEstimate(
                        mean / deviation,
                        cubes / steps / (variance * Math.sqrt(variance)),
                        fourths / steps / (variance * variance),
                        steps),
                "");
    }

    /** Equality with zero is the wrong test: a hundred times 0.001 has a deviation of 2e-19. */
    static boolean isZero(double deviation, double mean) {
        return deviation <= 1e-12 * Math.max(1, Math.abs(mean));
    }

    Metric figure(Function<SharpeEstimate, Metric> formula) {
        return estimate == null ? Metric.undefined(undefined) : formula.apply(estimate);
    }

    private static MeasuredTrial without(TrialReturns trial, int steps, String reason) {
        return new MeasuredTrial(trial, steps, null, reason);
    }
}
