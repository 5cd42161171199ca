package io.pipelinev2.backtest.overfit;

import java.util.Arrays;
import java.util.List;

/**
 * Returns of several trials over the same bars, in place: nothing is copied.
 *
 * @param rows one per trial, not copied
 * @param from per row the index of its first return that counts
 * @param steps how many count, the same in all rows
 */
record AlignedReturns(double[][] rows, int[] from, int steps) {

    /** Rows that count from their start to their end. */
    static AlignedReturns of(double[][] rows) {
        int steps = rows.length == 0 ? 0 : rows[0].length;
        for (int i = 0; i < rows.length; i++) {
            if (rows[i].length != steps) {
                throw new IllegalArgumentException("aligned trials must have the same number of steps, row 0 had "
                        + steps + " and row " + i + " had " + rows[i].length);
            }
        }
        return new AlignedReturns(rows, new int[rows.length], steps);
    }

    /** The bars that all these trials played. */
    static AlignedReturns ofCommonBars(List<TrialReturns> trials) {
        int first = trials.stream().mapToInt(TrialReturns::firstBar).max().orElse(0);
        int last = trials.stream().mapToInt(TrialReturns::lastBar).min().orElse(0);
        return new AlignedReturns(
                trials.stream().map(TrialReturns::returns).toArray(double[][]::new),
                trials.stream().mapToInt(trial -> first - trial.firstBar()).toArray(),
                Math.max(0, last - first));
    }

    /** Some of the rows, in the order of the indexes. */
    AlignedReturns only(int[] indexes) {
        return new AlignedReturns(
                Arrays.stream(indexes).mapToObj(i -> rows[i]).toArray(double[][]::new),
                Arrays.stream(indexes).map(i -> from[i]).toArray(),
                steps);
    }

    int trials() {
        return rows.length;
    }
}
