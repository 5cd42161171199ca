package io.pipelinev2.deploy.papertrading;

import io.pipelinev2.backtest.market.MarketData;
import io.pipelinev2.deploy.papertrading.feed.Bar;
import io.pipelinev2.deploy.papertrading.json.Fields;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Bars as the ledger holds them and as the game is played on them. */
final class Bars {

    private static final long DAY_SECONDS = Duration.ofDays(1).toSeconds();
    private static final double DAYS_PER_YEAR = 365;

    private Bars() {}

    static void put(Bar bar, Map<String, @Nullable Object> into) {
        Instant time = bar.time();
        into.put("index", bar.index());
        into.put("bar_time", time == null ? null : time.toString());
        into.put("prices", bar.prices());
        into.put("tech", bar.tech());
    }

    static Map<String, @Nullable Object> toMap(Bar bar) {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        put(bar, map);
        return map;
    }

    static Bar from(Fields fields) {
        return new Bar(
                fields.whole("index"),
                fields.has("bar_time") ? fields.time("bar_time") : null,
                fields.numbers("prices"),
                fields.numbers("tech"));
    }

    /** Consecutive bars as market data; their assets are named, if the names are known. */
    static MarketData market(List<Bar> bars, List<String> assets) {
        double[][] prices = bars.stream().map(bar -> unboxed(bar.prices())).toArray(double[][]::new);
        double[][] tech = bars.stream().map(bar -> unboxed(bar.tech())).toArray(double[][]::new);
        return MarketData.of(prices, tech).labelled(assets, null);
    }

    static double[] unboxed(List<Double> values) {
        return values.stream().mapToDouble(Double::doubleValue).toArray();
    }

    /**
     * The day of a bar, as a number that grows: days in UTC by its time, else one for every 24 hours' worth of bars.
     *
     * @param periodsPerYear bars per year
     */
    static long day(Bar bar, double periodsPerYear) {
        Instant time = bar.time();
        return time == null
                ? (long) Math.floor(bar.index() / Math.max(1, periodsPerYear / DAYS_PER_YEAR))
                : Math.floorDiv(time.getEpochSecond(), DAY_SECONDS);
    }
}
