package io.pipelinev2.backtest;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a run left behind step by step, beside its equity and cash: for reports, not for the database.
 *
 * @param firstBar row of the market data at which the run began; step s ended at row firstBar + s
 * @param assets names of the assets, in the order of the price columns
 * @param times epoch milliseconds of the bar at the start and after each step, or null when the data has no times
 * @param benchmark equal capital in every asset, bought at the first bar and held: steps + 1 values, the first is 1
 * @param holdings value of each holding after each step in quote currency, step by step, all assets of a step together
 * @param traded value bought and sold in each step, both sides added
 * @param fees paid in each step
 * @param fills how many purchases and sales there were in each step
 */
public record RunCurves(
        int firstBar,
        List<String> assets,
        long @Nullable [] times,
        double[] benchmark,
        double[] holdings,
        double[] traded,
        double[] fees,
        int[] fills) {

    /** Checks that all curves are of one run. The arrays are taken as they are, so leave them alone. */
    public RunCurves {
        assets = List.copyOf(assets);
        int steps = traded.length;
        if (fees.length != steps
                || fills.length != steps
                || benchmark.length != steps + 1
                || holdings.length != steps * assets.size()) {
            throw new IllegalArgumentException("the curves of a run of " + steps + " steps with " + assets.size()
                    + " assets must have " + steps + " fees, " + steps + " counts of fills, " + (steps + 1)
                    + " benchmark values and " + steps * assets.size() + " holdings, had " + fees.length + ", "
                    + fills.length + ", " + benchmark.length + " and " + holdings.length);
        }
        if (times != null && times.length != steps + 1) {
            throw new IllegalArgumentException(
                    "a run of " + steps + " steps must have " + (steps + 1) + " times or none, had " + times.length);
        }
    }

    /** Number of steps. */
    public int steps() {
        return traded.length;
    }

    /** Value of one holding after one step (from 0), in quote currency. */
    public double holding(int step, int asset) {
        return holdings[step * assets.size() + asset];
    }

    /** A copy of the times, or null when there are none. */
    @Override
    public long @Nullable [] times() {
        return times == null ? null : times.clone();
    }

    /** A copy of the benchmark. */
    @Override
    public double[] benchmark() {
        return benchmark.clone();
    }

    /** A copy of all holdings. */
    @Override
    public double[] holdings() {
        return holdings.clone();
    }

    /** A copy of the traded values. */
    @Override
    public double[] traded() {
        return traded.clone();
    }

    /** A copy of the fees. */
    @Override
    public double[] fees() {
        return fees.clone();
    }

    /** A copy of the counts of fills. */
    @Override
    public int[] fills() {
        return fills.clone();
    }
}
