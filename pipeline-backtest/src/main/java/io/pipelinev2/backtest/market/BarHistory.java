package io.pipelinev2.backtest.market;

import java.util.Arrays;

/**
 * The newest bars of one asset as they become known, in whichever order they come, and the features that the backtest
 * computes from them. Memory is bounded: what no feature needs any more is dropped. Features need {@link
 * TechnicalFeatures#SETTLED} bars to be those of a longer history.
 *
 * <p>Not safe for use by several threads.
 */
public final class BarHistory {

    /** Longer histories are cut when there is no room for the next bar. */
    private static final int CAPACITY = 4 * TechnicalFeatures.SETTLED;

    private long[] times = new long[CAPACITY];
    private double[][] values = new double[5][CAPACITY];
    private int size;
    private long dropped = Long.MIN_VALUE;
    private long needed = Long.MAX_VALUE;

    /** What a bar that was put meant for what was known. */
    public enum Change {
        /** There was none of its time. */
        NEW,
        /** It was known, or is of a time that nobody needs any more. */
        NONE,
        /** There was one of its time with other values, whose place it took. */
        REVISED
    }

    /**
     * Puts a bar where it belongs.
     *
     * @param time epoch milliseconds
     * @param bar open, high, low, close, volume; copied
     * @throws IllegalArgumentException if no bar can have these values, saying why
     */
    public Change put(long time, double[] bar) {
        BarSeries.checkNumbers(bar);
        if (time <= dropped) {
            return Change.NONE;
        }
        int found = indexOf(time);
        if (found >= 0) {
            return same(found, bar) ? Change.NONE : set(found, bar);
        }
        if (size == times.length) {
            cut();
            found = indexOf(time);
        }
        int at = -found - 1;
        System.arraycopy(times, at, times, at + 1, size - at);
        times[at] = time;
        for (double[] column : values) {
            System.arraycopy(column, at, column, at + 1, size - at);
        }
        size++;
        set(at, bar);
        return Change.NEW;
    }

    /**
     * Checks a bar as those of CSV files are, but for an open or close outside of low and high: endpoints send such bars, a
     * rounding apart, and the original's models were trained on them.
     *
     * @param bar open, high, low, close, volume
     * @throws IllegalArgumentException saying which rule it breaks, to be put behind what it is called
     */
    public static void check(double[] bar) {
        BarSeries.checkNumbers(bar);
    }

    /** Keeps what the features of bars from this time on need, however many come. */
    public void needFrom(long time) {
        needed = time;
    }

    /** Epoch milliseconds from which on nothing was dropped. */
    public long heldFrom() {
        return dropped == Long.MIN_VALUE ? dropped : dropped + 1;
    }

    /** How many bars are known. */
    public int size() {
        return size;
    }

    /** Epoch milliseconds of a bar, by its place from the oldest, 0, to the newest. */
    public long time(int index) {
        return times[index];
    }

    /** The place of the bar of a time; if there is none, minus one minus the place where it would be put. */
    public int indexOf(long time) {
        return size > 0 && time > times[size - 1] ? -size - 1 : Arrays.binarySearch(times, 0, size, time);
    }

    /** Open, high, low, close and volume of a bar; a copy. */
    public double[] bar(int index) {
        double[] bar = new double[5];
        Arrays.setAll(bar, k -> values[k][index]);
        return bar;
    }

    /** The features of a bar, by {@link TechnicalFeatures}; NaN where one is not defined yet. */
    public double[] features(int index) {
        int from = Math.max(0, index + 1 - TechnicalFeatures.SETTLED);
        double[][] bars = new double[5][];
        Arrays.setAll(bars, k -> Arrays.copyOfRange(values[k], from, index + 1));
        double[][] columns = TechnicalFeatures.of(bars);
        double[] features = new double[TechnicalFeatures.COUNT];
        Arrays.setAll(features, k -> columns[k][index - from]);
        return features;
    }

    /** Whether a bar has exactly these values. */
    boolean same(int index, double[] bar) {
        for (int k = 0; k < values.length; k++) {
            if (values[k][index] != bar[k]) {
                return false;
            }
        }
        return true;
    }

    private Change set(int index, double[] bar) {
        for (int k = 0; k < values.length; k++) {
            values[k][index] = bar[k];
        }
        return Change.REVISED;
    }

    private void cut() {
        int needs = indexOf(needed);
        int first = Math.min(needs >= 0 ? needs : -needs - 1, size - TechnicalFeatures.SETTLED);
        int cut = Math.max(0, first - TechnicalFeatures.SETTLED);
        if (cut >= size / 4) {
            dropped = times[cut - 1];
            size -= cut;
            System.arraycopy(times, cut, times, 0, size);
            for (double[] column : values) {
                System.arraycopy(column, cut, column, 0, size);
            }
        } else {
            int larger = size + (size >> 1);
            times = Arrays.copyOf(times, larger);
            for (int k = 0; k < values.length; k++) {
                values[k] = Arrays.copyOf(values[k], larger);
            }
        }
    }
}
