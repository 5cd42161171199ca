package io.pipelinev2.deploy.papertrading;

import io.pipelinev2.backtest.market.MarketData;
import io.pipelinev2.deploy.papertrading.feed.Bar;
import io.pipelinev2.deploy.papertrading.feed.BarFeed;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.IntFunction;
import java.util.function.IntToDoubleFunction;
import org.jspecify.annotations.Nullable;

/** Bars of a market, with prices, ages and events as a test wants them. Asks the trader to end after the last one. */
final class ScriptedFeed implements BarFeed {

    private static final Instant START = Instant.parse("2026-03-01T00:00:00Z");

    private final MarketData market;
    private final StopSignal stop;
    private final int end;
    private final Map<Integer, Runnable> events = new HashMap<>();
    private IntToDoubleFunction factor = row -> 1;
    private IntFunction<Duration> age = row -> Duration.ZERO;
    private @Nullable Duration interval;
    private int next;

    /** @param end the row that is not given any more */
    ScriptedFeed(MarketData market, int end, StopSignal stop) {
        this.market = market;
        this.end = end;
        this.stop = stop;
    }

    /** Prices are those of the market times this. */
    ScriptedFeed prices(IntToDoubleFunction value) {
        factor = value;
        return this;
    }

    /** Real time: hourly bars of this age. */
    ScriptedFeed ages(IntFunction<Duration> value) {
        age = value;
        interval = Duration.ofHours(1);
        return this;
    }

    /** Something happens just before this row is given. */
    ScriptedFeed before(int row, Runnable event) {
        events.put(row, event);
        return this;
    }

    @Override
    public List<String> assetNames() {
        return List.of();
    }

    @Override
    public int assets() {
        return market.assets();
    }

    @Override
    public int features() {
        return market.features();
    }

    @Override
    public Optional<Duration> interval() {
        return Optional.ofNullable(interval);
    }

    @Override
    public List<Bar> beginning(int count) {
        List<Bar> bars = new ArrayList<>();
        for (next = 0; next < count; next++) {
            bars.add(bar(next));
        }
        return bars;
    }

    @Override
    public void resumeAfter(Bar last) {
        next = (int) last.index() + 1;
    }

    @Override
    public Next next() {
        if (next >= end) {
            stop.request();
            return new Next.AtEnd();
        }
        events.getOrDefault(next, () -> {}).run();
        Bar bar = bar(next);
        return new Next.Arrived(bar, age.apply(next++));
    }

    private Bar bar(int row) {
        List<Double> prices = new ArrayList<>();
        for (int i = 0; i < market.assets(); i++) {
            prices.add(market.price(row, i) * factor.applyAsDouble(row));
        }
        List<Double> tech = new ArrayList<>();
        for (int i = 0; i < market.features(); i++) {
            tech.add(market.tech(row, i));
        }
        return new Bar(row, START.plus(Duration.ofHours(row)), prices, tech);
    }

    @Override
    public List<String> notices() {
        return List.of();
    }

    @Override
    public void close() {
        // It holds nothing.
    }
}
