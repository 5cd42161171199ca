package io.pipelinev2.backtest.overfit;

import io.pipelinev2.backtest.market.NpyArray;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SplittableRandom;

/** Matrices with one row per trial. */
final class Matrices {

    private Matrices() {}

    /** The stored ones have one column per trial. */
    static double[][] trials(Path file) throws IOException {
        var array = NpyArray.read(file);
        double[][] trials = new double[array.columns()][array.rows()];
        for (int i = 0; i < array.columns(); i++) {
            for (int t = 0; t < array.rows(); t++) {
                trials[i][t] = array.get(t, i);
            }
        }
        return trials;
    }

    static double[][] random(long seed, int trials, int steps) {
        SplittableRandom random = new SplittableRandom(seed);
        double[][] rows = new double[trials][steps];
        for (double[] row : rows) {
            Arrays.setAll(row, t -> 0.01 * random.nextGaussian());
        }
        return rows;
    }
}
