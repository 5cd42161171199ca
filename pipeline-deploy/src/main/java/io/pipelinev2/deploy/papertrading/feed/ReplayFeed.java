package io.pipelinev2.deploy.papertrading.feed;

import io.pipelinev2.backtest.market.MarketData;
import io.pipelinev2.core.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Plays recorded bars, one per {@code pace}. */
public final class ReplayFeed implements BarFeed {

    private final MarketData market;
    private final int end;
    private final Duration pace;
    private final Clock clock;
    private int next;
    private long since;

    /**
     * @param heldBack how many of the last bars are not played: a backtest ends a lookback before the end of its data
     */
    public ReplayFeed(MarketData market, int heldBack, Duration pace, Clock clock) {
        this.market = market;
        this.end = market.rows() - heldBack;
        this.pace = pace;
        this.clock = clock;
        this.since = clock.nanoTime();
    }

    @Override
    public List<String> assetNames() {
        return market.assetNames();
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
        return Optional.empty();
    }

    @Override
    public List<Bar> beginning(int count) {
        List<Bar> bars = new ArrayList<>();
        for (next = 0; next < count && next < market.rows(); next++) {
            bars.add(bar(next));
        }
        return bars;
    }

    @Override
    public void resumeAfter(Bar last) {
        if (last.index() >= market.rows() || !bar((int) last.index()).equals(last)) {
            throw new FeedException("The account was traded on other bars than " + market.source()
                    + " holds now: bar " + last.index()
                    + " is not the one that was recorded. Put the market data back, or"
                    + " move the account's directory away and `restart` to begin a new account.");
        }
        next = (int) last.index() + 1;
    }

    @Override
    public Next next() {
        if (next >= end) {
            return new Next.AtEnd();
        }
        Duration left = pace.minusNanos(clock.nanoTime() - since);
        if (left.compareTo(Duration.ZERO) > 0) {
            return new Next.Waiting(left, null);
        }
        since = clock.nanoTime();
        return new Next.Arrived(bar(next++), Duration.ZERO);
    }

    private Bar bar(int row) {
        List<Double> prices = new ArrayList<>();
        for (int i = 0; i < market.assets(); i++) {
            prices.add(market.price(row, i));
        }
        List<Double> tech = new ArrayList<>();
        for (int i = 0; i < market.features(); i++) {
            tech.add(market.tech(row, i));
        }
        OptionalLong time = market.time(row);
        return new Bar(row, time.isPresent() ? Instant.ofEpochMilli(time.getAsLong()) : null, prices, tech);
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
