package io.pipelinev2.deploy.papertrading.feed;

import io.pipelinev2.backtest.market.MarketDataSettings;
import io.pipelinev2.backtest.market.RecordedBars;
import io.pipelinev2.core.Clock;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Plays recorded bars, one per {@code pace} of real time. */
final class ReplayFeed implements BarFeed {

    private static final Duration RETRY = Duration.ofSeconds(1);

    private final RecordedBars bars;
    private final int end;
    private final Duration pace;
    private final Clock clock;
    private int next;
    private long since;

    private ReplayFeed(RecordedBars bars, Duration pace, int heldBack, Clock clock) {
        this.bars = bars;
        this.end = bars.rows() - heldBack;
        this.pace = pace;
        this.clock = clock;
        this.since = clock.nanoTime();
    }

    /** @param heldBack how many of the last bars are not played */
    static ReplayFeed open(MarketDataSettings data, Duration pace, int heldBack, Clock clock) throws IOException {
        return new ReplayFeed(RecordedBars.open(data), pace, heldBack, clock);
    }

    @Override
    public List<String> assetNames() {
        return bars.assetNames();
    }

    @Override
    public int assets() {
        return bars.assets();
    }

    @Override
    public int features() {
        return bars.features();
    }

    @Override
    public Optional<Duration> interval() {
        return Optional.empty();
    }

    @Override
    public List<Bar> beginning(int count) {
        List<Bar> beginning = new ArrayList<>();
        for (int row = 0; row < count && row < bars.rows(); row++) {
            beginning.add(Recorded.bar(bars, row, row));
        }
        next = beginning.size();
        since = clock.nanoTime();
        return beginning;
    }

    @Override
    public void resumeAfter(Bar last) {
        if (last.index() >= bars.rows()
                || !Recorded.bar(bars, (int) last.index(), last.index()).equals(last)) {
            throw new FeedException("The account was traded on other bars than these: bar " + last.index() + " of "
                    + bars.rows() + " is not the one that was recorded. Put the market data back, or `stop` the"
                    + " deployment.");
        }
        next = (int) last.index() + 1;
        since = clock.nanoTime();
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
        Bar bar;
        try {
            bar = Recorded.bar(bars, next, next);
        } catch (UncheckedIOException e) {
            return new Next.Waiting(RETRY, "Bar " + next + " cannot be read: " + e.getCause() + ".");
        }
        next++;
        since = clock.nanoTime();
        return new Next.Arrived(bar, Duration.ZERO);
    }

    @Override
    public List<String> notices() {
        return List.of();
    }

    @Override
    public void close() {
        Recorded.close(bars);
    }
}
