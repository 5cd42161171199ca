package io.pipelinev2.backtest.report;

import java.util.BitSet;

/**
 * Fewer points that draw the same picture: of each column of pixels the lowest and the highest point stay, so no spike and
 * no drawdown is lost. The ends of the curve and the two ends of its deepest fall stay as well: a fall and a recovery
 * within one column would otherwise hide it.
 */
final class DownSampling {

    /** Points of one drawn curve at most. */
    static final int LIMIT = 1500;

    private DownSampling() {}

    /**
     * Indexes of the points to draw, ascending.
     *
     * @param x ascending
     * @param y of the same length
     * @param limit at least 6
     */
    static int[] indexes(double[] x, double[] y, int limit) {
        int n = y.length;
        BitSet kept = new BitSet(n);
        if (n <= limit) {
            kept.set(0, n);
            return kept.stream().toArray();
        }
        int columns = (limit - 4) / 2;
        double width = x[n - 1] - x[0];
        for (int i = 0; i < n; ) {
            int column = column(x[i] - x[0], width, columns);
            int low = i;
            int high = i;
            for (; i < n && column(x[i] - x[0], width, columns) == column; i++) {
                low = y[i] < y[low] ? i : low;
                high = y[i] > y[high] ? i : high;
            }
            kept.set(low);
            kept.set(high);
        }
        kept.set(0);
        kept.set(n - 1);
        keepDeepestFall(y, kept);
        return kept.stream().toArray();
    }

    private static int column(double distance, double width, int columns) {
        return width > 0 ? (int) Math.min(columns - 1.0, distance / width * columns) : 0;
    }

    private static void keepDeepestFall(double[] y, BitSet kept) {
        int peak = 0;
        int from = 0;
        int to = 0;
        double deepest = 0;
        for (int i = 1; i < y.length; i++) {
            if (y[i] > y[peak]) {
                peak = i;
            }
            double fall = y[peak] > 0 ? 1 - y[i] / y[peak] : 0;
            if (fall > deepest) {
                deepest = fall;
                from = peak;
                to = i;
            }
        }
        kept.set(from);
        kept.set(to);
    }
}
