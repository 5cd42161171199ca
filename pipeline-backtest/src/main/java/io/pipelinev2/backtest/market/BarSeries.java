package io.pipelinev2.backtest.market;

import java.time.Instant;
import java.util.Arrays;

/**
 * The bars of one asset as they come out of a file, each checked when it is added.
 *
 * <p>They may come oldest first or newest first. A bar that is there twice with the same values counts once; with other
 * values, or out of order, it is an error: no guess which of two bars was the market.
 */
final class BarSeries {

    private final String asset;
    private long[] times = new long[16];
    private double[][] values = new double[5][16];
    private int size;
    private boolean descending;
    private int identical;
    private long firstIdentical;

    BarSeries(String asset) {
        this.asset = asset;
    }

    /**
     * Adds a bar.
     *
     * @param time epoch milliseconds
     * @param bar open, high, low, close, volume
     * @return whether it was new
     * @throws IllegalArgumentException saying which rule it breaks, to be put behind file and line
     */
    boolean add(long time, double[] bar) {
        check(bar);
        if (size > 0) {
            long last = times[size - 1];
            if (time == last) {
                for (int i = 0; i < 5; i++) {
                    if (values[i][size - 1] != bar[i]) {
                        throw new IllegalArgumentException("has a second bar of " + asset + " at "
                                + Instant.ofEpochMilli(time) + " with other values. Find out which is right");
                    }
                }
                if (identical++ == 0) {
                    firstIdentical = time;
                }
                return false;
            }
            if (size == 1) {
                descending = time < last;
            } else if (time < last != descending) {
                throw new IllegalArgumentException("has the bar of " + asset + " at " + Instant.ofEpochMilli(time)
                        + " after that at " + Instant.ofEpochMilli(last) + ", but the bars before ran "
                        + (descending ? "newest" : "oldest") + " first. Sort the file by time");
            }
        }
        if (size == times.length) {
            int larger = size + (size >> 1);
            times = Arrays.copyOf(times, larger);
            for (int i = 0; i < 5; i++) {
                values[i] = Arrays.copyOf(values[i], larger);
            }
        }
        times[size] = time;
        for (int i = 0; i < 5; i++) {
            values[i][size] = bar[i];
        }
        size++;
        return true;
    }

    /** @throws IllegalArgumentException saying which rule the bar breaks, to be put behind its place */
    static void check(double[] bar) {
        checkNumbers(bar);
        double high = bar[1];
        double low = bar[2];
        for (int i : new int[] {0, 3}) {
            if (bar[i] < low || bar[i] > high) {
                throw new IllegalArgumentException("has " + (i == 0 ? "an open of " : "a close of ") + bar[i]
                        + " outside of its low and high, " + low + " to " + high
                        + ". Repair that bar, or the names of the columns");
            }
        }
    }

    /** As {@link #check}, but an open or close may lie outside of low and high, as some endpoints round them. */
    static void checkNumbers(double[] bar) {
        double high = bar[1];
        double low = bar[2];
        for (int i = 0; i < 4; i++) {
            if (!(bar[i] > 0) || bar[i] == Double.POSITIVE_INFINITY) {
                throw new IllegalArgumentException("has the " + CsvColumns.VALUES.get(i) + " " + bar[i]
                        + "; a price must be positive and finite. Repair that bar");
            }
        }
        if (!(bar[4] >= 0) || bar[4] == Double.POSITIVE_INFINITY) {
            throw new IllegalArgumentException(
                    "has the volume " + bar[4] + "; it must be 0 or more and finite. Repair that bar");
        }
        if (high < low) {
            throw new IllegalArgumentException("has a high of " + high + " below its low of " + low
                    + ". Repair that bar, or the names of the columns");
        }
    }

    /** Cuts the memory to what is needed and puts the oldest bar first. Nothing is added afterwards. */
    void complete() {
        times = Arrays.copyOf(times, size);
        for (int i = 0; i < 5; i++) {
            values[i] = Arrays.copyOf(values[i], size);
        }
        if (descending) {
            for (int low = 0, high = size - 1; low < high; low++, high--) {
                long time = times[low];
                times[low] = times[high];
                times[high] = time;
                for (double[] column : values) {
                    double value = column[low];
                    column[low] = column[high];
                    column[high] = value;
                }
            }
        }
    }

    String asset() {
        return asset;
    }

    int size() {
        return size;
    }

    /** Epoch milliseconds, oldest first once complete; not to be changed. */
    long[] times() {
        return times;
    }

    /** Open, high, low, close and volume, each of all bars; not to be changed. */
    double[][] columns() {
        return values;
    }

    double[] close() {
        return values[3];
    }

    /** Whether the file had the newest bar first. */
    boolean wasDescending() {
        return descending;
    }

    /** How many bars were left out because they repeated the one before. */
    int identical() {
        return identical;
    }

    /** Epoch milliseconds of the first of these. */
    long firstIdentical() {
        return firstIdentical;
    }
}
