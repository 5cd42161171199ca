package io.pipelinev2.backtest.report;

import java.util.Arrays;

/**
 * Counts of returns in equally wide bins, over five deviations to both sides of the mean. What is farther out is counted
 * apart: one outlier would otherwise squeeze all others into one bar.
 *
 * @param from lower edge of the first bin
 * @param width of each bin, positive
 * @param counts per bin; a value on an edge belongs to the bin above it, the last edge to the last bin
 * @param below values under the first bin
 * @param above values over the last bin
 * @param mean of all values
 * @param deviation of all values, of the sample
 */
record Histogram(double from, double width, int[] counts, int below, int above, double mean, double deviation) {

    private static final double DEVIATIONS = 5;
    private static final int MOST_BINS = 81;

    /** Of at least two values that are not all equal, else without bins. */
    static Histogram of(double[] values) {
        int n = values.length;
        double mean = Arrays.stream(values).sum() / Math.max(1, n);
        double squares = Arrays.stream(values).map(v -> (v - mean) * (v - mean)).sum();
        double deviation = n < 2 ? 0 : Math.sqrt(squares / (n - 1));
        if (!(deviation > 1e-12 * Math.max(1, Math.abs(mean))) || !Double.isFinite(deviation)) {
            return new Histogram(0, 1, new int[0], 0, 0, mean, 0);
        }
        double from = Math.max(Arrays.stream(values).min().orElse(0), mean - DEVIATIONS * deviation);
        double to = Math.min(Arrays.stream(values).max().orElse(0), mean + DEVIATIONS * deviation);
        int bins = bins(values, to - from);
        double width = (to - from) / bins;
        int[] counts = new int[bins];
        int below = 0;
        int above = 0;
        for (double value : values) {
            if (value < from) {
                below++;
            } else if (value > to) {
                above++;
            } else {
                counts[Math.min(bins - 1, (int) ((value - from) / width))]++;
            }
        }
        return new Histogram(from, width, counts, below, above, mean, deviation);
    }

    /** Freedman and Diaconis 1981: twice the distance of the quartiles over the cube root of n. */
    private static int bins(double[] values, double range) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        double quartiles = sorted[(int) (0.75 * (sorted.length - 1))] - sorted[(int) (0.25 * (sorted.length - 1))];
        double width = 2 * quartiles / Math.cbrt(sorted.length);
        double bins = width > 0 ? Math.ceil(range / width) : MOST_BINS;
        return (int) Math.max(5, Math.min(MOST_BINS, bins));
    }

    double edge(int bin) {
        return from + bin * width;
    }

    /** How many values a normal distribution of this mean and deviation would put into a bin around x. */
    double normal(double x) {
        double z = (x - mean) / deviation;
        int n = Arrays.stream(counts).sum() + below + above;
        return n * width / deviation * Math.exp(-z * z / 2) / Math.sqrt(2 * Math.PI);
    }
}
