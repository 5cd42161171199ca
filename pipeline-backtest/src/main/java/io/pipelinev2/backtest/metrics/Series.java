package io.pipelinev2.backtest.metrics;

/** Sums over a series of numbers, in the plain order. */
final class Series {

    private Series() {}

    static void requireFinite(double[] values, String what) {
        for (int i = 0; i < values.length; i++) {
            if (!Double.isFinite(values[i])) {
                throw new IllegalArgumentException("non-finite " + what + " at index " + i + ": " + values[i]);
            }
        }
    }

    static double[] returnsOf(double[] equity) {
        double[] returns = new double[Math.max(0, equity.length - 1)];
        for (int i = 0; i < returns.length; i++) {
            if (!(equity[i] > 0)) {
                throw new IllegalArgumentException(
                        "a return needs a positive equity before it, index " + i + " was " + equity[i]);
            }
            returns[i] = equity[i + 1] / equity[i] - 1;
        }
        return returns;
    }

    static double mean(double[] values) {
        double sum = 0;
        for (double value : values) {
            sum += value;
        }
        return sum / values.length;
    }

    /** Sum of squared distances from the mean. */
    static double squares(double[] values, double mean) {
        double sum = 0;
        for (double value : values) {
            sum += (value - mean) * (value - mean);
        }
        return sum;
    }

    /** Sum of products of distances from the means. */
    static double products(double[] a, double meanA, double[] b, double meanB) {
        double sum = 0;
        for (int i = 0; i < a.length; i++) {
            sum += (a[i] - meanA) * (b[i] - meanB);
        }
        return sum;
    }

    /** Equality with zero is the wrong test: a hundred times 0.001 has a deviation of 2e-19. */
    static boolean isZeroDeviation(double deviation, double mean) {
        return deviation <= 1e-12 * Math.max(1, Math.abs(mean));
    }

    /** NumPy's percentile with linear interpolation, of values in ascending order. */
    static double percentile(double[] sorted, double percent) {
        double at = (sorted.length - 1) * percent / 100;
        int below = (int) Math.floor(at);
        int above = Math.min(below + 1, sorted.length - 1);
        double share = at - below;
        double span = sorted[above] - sorted[below];
        return share < 0.5 ? sorted[below] + span * share : sorted[above] - span * (1 - share);
    }
}
