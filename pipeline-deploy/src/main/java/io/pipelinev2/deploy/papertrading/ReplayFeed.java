package io.pipelinev2.deploy.papertrading;

import io.pipelinev2.backtest.market.MarketData;
import io.pipelinev2.core.Clock;
import java.time.Duration;
import java.util.Optional;

/** Plays recorded bars, one per {@code pace}. */
final class ReplayFeed implements BarFeed {

    private final MarketData market;
    private final int lastRow;
    private final Duration pace;
    private final Clock clock;
    private int row = -1;
    private long since;

    /**
     * @param lastRow the last bar to be played
     */
    ReplayFeed(MarketData market, int lastRow, Duration pace, Clock clock) {
        this.market = market;
        this.lastRow = lastRow;
        this.pace = pace;
        this.clock = clock;
    }

    @Override
    public MarketData market() {
        return market;
    }

    @Override
    public Optional<Duration> untilBarAfter(int current) {
        if (current >= lastRow) {
            return Optional.empty();
        }
        if (current != row) {
            row = current;
            since = clock.nanoTime();
        }
        Duration left = pace.minusNanos(clock.nanoTime() - since);
        return Optional.of(left.isNegative() ? Duration.ZERO : left);
    }
}
