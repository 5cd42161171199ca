package io.pipelinev2.deploy.drift;

import io.pipelinev2.core.stage.Series;
import io.pipelinev2.core.store.StoreReader;
import io.pipelinev2.deploy.ranking.Evidence;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What the backtest of a deployed model leads to expect.
 *
 * @param model the hash of the model that was backtested
 * @param data the hash of the market data that it was backtested on
 * @param equity at the start and after each bar of the backtest, empty if it was not kept
 * @param benchmark what holding the market is a multiple of at the start and after each bar, or null if it was not kept
 * @param fills how many there were in each bar, or null if that was not kept
 * @param feeRate share of the traded value paid on each side, or null if it was not recorded
 */
record Expectation(
        @Nullable String model,
        @Nullable String data,
        double[] equity,
        double @Nullable [] benchmark,
        double @Nullable [] fills,
        @Nullable Double feeRate) {

    // The backtest's own words; a test holds these to them.
    private static final String STAGE = "backtest";
    private static final String EQUITY = "equity";
    private static final String BENCHMARK = "benchmark";
    private static final String FILLS = "fills";
    private static final String FEE_RATE = "fee_rate";

    static Expectation of(StoreReader tx, long trialId, Evidence evidence) {
        List<Series> series = tx.seriesOf(trialId, STAGE);
        return new Expectation(
                evidence.modelSha256(),
                evidence.dataSha256(),
                named(series, EQUITY, evidence).orElse(new double[0]),
                named(series, BENCHMARK, evidence).orElse(null),
                named(series, FILLS, evidence).orElse(null),
                evidence.environment().get(FEE_RATE) instanceof Number rate ? rate.doubleValue() : null);
    }

    /** Series of other data than that of the results are of a repetition that did not end yet. */
    private static Optional<double[]> named(List<Series> series, String name, Evidence evidence) {
        return series.stream()
                .filter(one -> one.name().equals(name) && one.basis().equals(evidence.dataSha256()))
                .map(Series::values)
                .findFirst();
    }

    /** Bars of the backtest. */
    int bars() {
        return Math.max(0, equity.length - 1);
    }

    /**
     * Logarithmic, per bar.
     *
     * @return null if they cannot be the base of a band, because there are too few, or equity was lost
     */
    double @Nullable [] logReturns() {
        return logReturns(equity);
    }

    /** Those of the market, or null if they were not kept for each bar. */
    double @Nullable [] marketReturns() {
        return benchmark == null || benchmark.length != equity.length ? null : logReturns(benchmark);
    }

    private static double @Nullable [] logReturns(double[] levels) {
        double[] returns = new double[Math.max(0, levels.length - 1)];
        for (int i = 0; i < returns.length; i++) {
            if (!(levels[i] > 0 && levels[i + 1] > 0)) {
                return null;
            }
            returns[i] = StrictMath.log(levels[i + 1] / levels[i]);
        }
        return returns.length < 2 ? null : returns;
    }

    boolean moves() {
        return Arrays.stream(equity).anyMatch(value -> value != equity[0]);
    }

    /** How many fills there were in all; 0 if that was not kept. */
    long fillsInAll() {
        return fills == null ? 0 : fillsIn(fills.length);
    }

    /** How many fills there were in the first so many bars. */
    long fillsIn(int bars) {
        double[] counts = Objects.requireNonNullElse(fills, new double[0]);
        return Math.round(
                Arrays.stream(counts, 0, Math.min(bars, counts.length)).sum());
    }
}
