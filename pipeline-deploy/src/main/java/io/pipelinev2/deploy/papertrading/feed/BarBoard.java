package io.pipelinev2.deploy.papertrading.feed;

import io.pipelinev2.backtest.market.BarHistory;
import io.pipelinev2.backtest.market.TechnicalFeatures;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/** The bars of all assets side by side: which times are complete, and the bar with its features of such a time. */
final class BarBoard {

    private final List<String> assets;
    private final List<BarHistory> histories = new ArrayList<>();

    BarBoard(List<String> assets) {
        this.assets = List.copyOf(assets);
        assets.forEach(asset -> histories.add(new BarHistory()));
    }

    List<String> assets() {
        return assets;
    }

    /** A history for each asset. */
    List<BarHistory> histories() {
        return histories;
    }

    /** The first time after this one that every asset has a bar of. */
    OptionalLong commonAfter(long time) {
        BarHistory first = histories.get(0);
        int at = first.indexOf(time);
        for (int i = at >= 0 ? at + 1 : -at - 1; i < first.size(); i++) {
            if (lacking(first.time(i)).isEmpty()) {
                return OptionalLong.of(first.time(i));
            }
        }
        return OptionalLong.empty();
    }

    /** The last times, up to this one, that every asset has a bar of; the oldest first. */
    List<Long> commonUntil(long time, int count) {
        BarHistory first = histories.get(0);
        int at = first.indexOf(time);
        List<Long> times = new ArrayList<>();
        for (int i = at >= 0 ? at : -at - 2; i >= 0 && times.size() < count; i--) {
            if (lacking(first.time(i)).isEmpty()) {
                times.add(0, first.time(i));
            }
        }
        return times;
    }

    /** The first time after this one that any asset has a bar of. */
    OptionalLong anyAfter(long time) {
        long earliest = Long.MAX_VALUE;
        for (BarHistory history : histories) {
            int at = history.indexOf(time);
            int next = at >= 0 ? at + 1 : -at - 1;
            if (next < history.size()) {
                earliest = Math.min(earliest, history.time(next));
            }
        }
        return earliest == Long.MAX_VALUE ? OptionalLong.empty() : OptionalLong.of(earliest);
    }

    /** The places of the assets that have no bar of a time. */
    List<Integer> lacking(long time) {
        List<Integer> lacking = new ArrayList<>();
        for (int i = 0; i < histories.size(); i++) {
            if (histories.get(i).indexOf(time) < 0) {
                lacking.add(i);
            }
        }
        return lacking;
    }

    List<String> names(List<Integer> places) {
        return places.stream().map(assets::get).toList();
    }

    /** The last time that every asset has a bar of. */
    OptionalLong newestCommon() {
        List<Long> newest = commonUntil(Long.MAX_VALUE, 1);
        return newest.isEmpty() ? OptionalLong.empty() : OptionalLong.of(newest.get(0));
    }

    /** How many bars of the first asset are after a time. */
    int pendingAfter(long time) {
        BarHistory first = histories.get(0);
        int at = first.indexOf(time);
        return first.size() - (at >= 0 ? at + 1 : -at - 1);
    }

    /** How many bars every asset has at least up to a time. */
    int depth(long time) {
        int least = Integer.MAX_VALUE;
        for (BarHistory history : histories) {
            int at = history.indexOf(time);
            least = Math.min(least, at >= 0 ? at + 1 : -at - 1);
        }
        return least;
    }

    /** Bars from this time on are asked for; what they need is kept. */
    void needFrom(long time) {
        histories.forEach(history -> history.needFrom(time));
    }

    /**
     * The bar of a time that every asset has.
     *
     * @throws FeedException if a feature of it is too large for a number, which only impossible bars before it can do
     */
    Bar bar(long index, long time) {
        List<Double> prices = new ArrayList<>();
        List<Double> tech = new ArrayList<>();
        for (int i = 0; i < histories.size(); i++) {
            BarHistory history = histories.get(i);
            int at = history.indexOf(time);
            prices.add(history.bar(at)[3]);
            double[] features = history.features(at);
            for (int k = 0; k < features.length; k++) {
                if (!Double.isFinite(features[k])) {
                    throw new FeedException(TechnicalFeatures.NAMES.get(k) + " of " + assets.get(i) + " at "
                            + Instant.ofEpochMilli(time) + " is " + features[k]
                            + ", too large for a number. Look for impossible prices or volumes before it.");
                }
                tech.add(features[k]);
            }
        }
        return new Bar(index, Instant.ofEpochMilli(time), prices, tech);
    }

    /** The closing prices of a time that every asset has. */
    List<Double> prices(long time) {
        return histories.stream()
                .map(history -> history.bar(history.indexOf(time))[3])
                .toList();
    }
}
