package io.pipelinev2.backtest.market;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Bars of several assets brought together: only the timestamps that all of them have are kept. Features are computed on
 * each asset's own bars before, so that a hole in one asset does not change the indicators of another.
 */
final class BarAlignment {

    private final List<BarSeries> series;
    private final int[][] common;
    private final long dropped;
    private final String firstDropped;

    private BarAlignment(List<BarSeries> series, int[][] common, long dropped, String firstDropped) {
        this.series = series;
        this.common = common;
        this.dropped = dropped;
        this.firstDropped = firstDropped;
    }

    /** @param series complete, at least one */
    static BarAlignment of(List<BarSeries> series) {
        int assets = series.size();
        int shortest = series.stream().mapToInt(BarSeries::size).min().orElseThrow();
        int[][] common = new int[assets][shortest];
        int[] at = new int[assets];
        int kept = 0;
        long dropped = 0;
        String firstDropped = "";
        while (true) {
            long earliest = Long.MAX_VALUE;
            int having = 0;
            int running = 0;
            for (int i = 0; i < assets; i++) {
                if (at[i] < series.get(i).size()) {
                    long time = series.get(i).times()[at[i]];
                    running++;
                    having = time < earliest ? 1 : time == earliest ? having + 1 : having;
                    earliest = Math.min(earliest, time);
                }
            }
            if (running == 0) {
                break;
            }
            boolean all = having == assets;
            for (int i = 0; i < assets; i++) {
                BarSeries one = series.get(i);
                if (at[i] < one.size() && one.times()[at[i]] == earliest) {
                    if (all) {
                        common[i][kept] = at[i];
                    }
                    at[i]++;
                } else if (!all && firstDropped.isEmpty()) {
                    firstDropped = Instant.ofEpochMilli(earliest) + ", which " + one.asset() + " does not have";
                }
            }
            if (all) {
                kept++;
            } else {
                dropped++;
            }
        }
        for (int i = 0; i < assets; i++) {
            common[i] = Arrays.copyOf(common[i], kept);
        }
        return new BarAlignment(series, common, dropped, firstDropped);
    }

    /** @param before warnings to begin with */
    MarketData toMarketData(String source, boolean trainingFallback, List<String> before) {
        int assets = series.size();
        int shared = common[0].length;
        int first = 0;
        while (first < shared && !defined(first)) {
            first++;
        }
        int rows = shared - first;
        if (rows == 0) {
            throw new MalformedMarketDataException(source + " has " + shared + " bars that all of "
                    + series.stream().map(BarSeries::asset).toList()
                    + " have, but indicators are first defined after " + TechnicalFeatures.WARM_UP
                    + " bars of each asset. Export a longer range, with the same times for all assets.");
        }
        int width = TechnicalFeatures.COUNT;
        int features = assets * width;
        double[] prices = new double[Math.multiplyExact(rows, assets)];
        double[] tech = new double[Math.multiplyExact(rows, features)];
        for (int i = 0; i < assets; i++) {
            BarSeries one = series.get(i);
            double[][] columns = TechnicalFeatures.of(one.columns());
            for (int row = 0; row < rows; row++) {
                int bar = common[i][first + row];
                prices[row * assets + i] = one.close()[bar];
                for (int k = 0; k < width; k++) {
                    double value = columns[k][bar];
                    if (!Double.isFinite(value)) {
                        throw new MalformedMarketDataException(source + ": " + TechnicalFeatures.NAMES.get(k) + " of "
                                + one.asset() + " at " + Instant.ofEpochMilli(one.times()[bar]) + " is " + value
                                + ", too large for a number. Look for impossible prices or volumes before it.");
                    }
                    tech[row * features + i * width + k] = value;
                }
            }
        }
        List<String> warnings = new ArrayList<>(before);
        warn(source, warnings);
        long[] times = new long[rows];
        for (int row = 0; row < rows; row++) {
            times[row] = series.get(0).times()[common[0][first + row]];
        }
        return MarketData.checked(
                        new MarketData.Matrix(source, prices, rows, assets),
                        new MarketData.Matrix(source, tech, rows, features),
                        source,
                        trainingFallback,
                        warnings)
                .labelled(series.stream().map(BarSeries::asset).toList(), times);
    }

    private boolean defined(int row) {
        for (int[] bars : common) {
            if (bars[row] < TechnicalFeatures.WARM_UP) {
                return false;
            }
        }
        return true;
    }

    private void warn(String source, List<String> warnings) {
        for (BarSeries one : series) {
            if (one.wasDescending()) {
                warnings.add(source + ": the bars of " + one.asset() + " were newest first and were turned round.");
            }
            if (one.identical() > 0) {
                warnings.add(source + ": " + one.identical() + " bars of " + one.asset()
                        + " repeat the one before, values and all, and were dropped, first "
                        + Instant.ofEpochMilli(one.firstIdentical()) + ".");
            }
            Optional<String> gaps = BarGrid.of(one.times()).gaps();
            gaps.ifPresent(
                    words -> warnings.add(source + ": the bars of " + one.asset() + " have gaps: " + words + "."));
        }
        if (dropped > 0) {
            warnings.add(source + ": " + dropped + " of " + (dropped + common[0].length)
                    + " timestamps are not there for every asset and were left out, first " + firstDropped + ".");
        }
    }
}
