package io.pipelinev2.deploy.papertrading.feed;

import io.pipelinev2.backtest.market.GrowingCsv;
import io.pipelinev2.backtest.market.MalformedMarketDataException;
import io.pipelinev2.backtest.market.TechnicalFeatures;
import io.pipelinev2.core.Clock;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Follows CSV files that somebody else appends to. As in the backtest, a time that only some assets have is left out, but
 * only once a later one is complete. Features are computed by the backtest's code from the last {@link
 * TechnicalFeatures#SETTLED} bars of each asset, so that a bar costs the same however long the files are.
 */
final class FollowCsvFeed implements BarFeed {

    private final GrowingCsv csv;
    private final Due due;
    private final Clock clock;
    private final BarBoard board;
    private final Notices notices = new Notices();
    private final FileTrouble trouble;
    private @Nullable Instant began;
    private @Nullable Instant given;
    private long index = -1;

    FollowCsvFeed(GrowingCsv csv, Optional<Duration> interval, Clock clock) {
        this.csv = csv;
        this.clock = clock;
        this.trouble = new FileTrouble(clock);
        this.board = new BarBoard(csv.assets());
        this.due = new Due(interval.or(csv::step)
                .orElseThrow(() -> new FeedException("The bars in " + csv
                        + " are too few to tell how far apart they are. Set stages.deploy.feed.interval.")));
        csv.warnings().forEach(notices::add);
    }

    @Override
    public List<String> assetNames() {
        return csv.assets();
    }

    @Override
    public int assets() {
        return csv.assets().size();
    }

    @Override
    public int features() {
        return csv.assets().size() * TechnicalFeatures.COUNT;
    }

    @Override
    public Optional<Duration> interval() {
        return Optional.of(due.interval());
    }

    @Override
    public List<Bar> beginning(int count) {
        read();
        long newestComplete = clock.now().minus(due.interval()).toEpochMilli();
        List<Long> times = board.commonUntil(newestComplete, count);
        times.removeIf(time -> board.depth(time) <= TechnicalFeatures.WARM_UP);
        List<Bar> beginning = new ArrayList<>();
        if (times.size() == count) {
            for (long time : times) {
                beginning.add(board.bar(beginning.size(), time));
            }
            if (count > 0) {
                began = beginning.get(0).time();
                given = beginning.get(count - 1).time();
                index = count - 1L;
                board.needFrom(times.get(count - 1));
            }
        }
        return beginning;
    }

    @Override
    public void resumeAfter(Bar last) {
        Instant time = last.time();
        if (time == null || last.prices().size() != assets() || last.tech().size() != features()) {
            throw new FeedException("The account was traded on bars of "
                    + last.prices().size() + " assets with "
                    + last.tech().size() + " features" + (time == null ? " and without times" : "") + ", but " + csv
                    + " has " + assets() + " with " + features() + ". Follow the files that it was begun with.");
        }
        board.needFrom(time.toEpochMilli());
        read();
        began = time;
        given = time;
        index = last.index();
        long millis = time.toEpochMilli();
        if (board.lacking(millis).isEmpty()) {
            if (!board.prices(millis).equals(last.prices())) {
                notices.add("The bar of " + time + " was revised after it was traded; it is not traded again.");
            }
        } else {
            notices.add("The bar of " + time + ", the last that was traded, is no longer in " + csv
                    + "; the next after it is traded.");
        }
    }

    @Override
    public Next next() {
        read();
        Instant now = clock.now();
        Instant last = given;
        if (last == null) {
            return new Next.Waiting(due.look(), trouble.words().orElseGet(this::tooFew));
        }
        OptionalLong common = board.commonAfter(last.toEpochMilli());
        if (common.isPresent() && !due.complete(common.getAsLong()).isAfter(now)) {
            long time = common.getAsLong();
            if (board.depth(time) <= TechnicalFeatures.WARM_UP) {
                return new Next.Waiting(due.look(), tooFew());
            }
            noticeLeftOut(last.toEpochMilli(), time);
            Bar bar = board.bar(++index, time);
            given = bar.time();
            board.needFrom(time);
            return new Next.Arrived(bar, due.age(time, now));
        }
        return new Next.Waiting(due.look(), trouble.words().orElseGet(() -> late(last, now)));
    }

    private void noticeLeftOut(long after, long until) {
        OptionalLong time = board.anyAfter(after);
        while (time.isPresent() && time.getAsLong() < until) {
            notices.add("The bar of " + Instant.ofEpochMilli(time.getAsLong()) + " was left out: there is none of "
                    + String.join(" ", board.names(board.lacking(time.getAsLong()))) + ".");
            time = board.anyAfter(time.getAsLong());
        }
    }

    private String tooFew() {
        return "There are no more than " + TechnicalFeatures.WARM_UP + " complete bars that all assets have in " + csv
                + ", from which no indicator is defined.";
    }

    private @Nullable String late(Instant last, Instant now) {
        if (!due.isLate(last.toEpochMilli(), now)) {
            return null;
        }
        OptionalLong partial = board.anyAfter(last.toEpochMilli());
        return partial.isPresent()
                ? "There is no bar of " + String.join(" ", board.names(board.lacking(partial.getAsLong()))) + " at "
                        + Instant.ofEpochMilli(partial.getAsLong()) + " yet. Is the downloader still at work?"
                : "There is no bar after that of " + last + " yet. Is the downloader still running?";
    }

    private void read() {
        try {
            csv.readInto(board.histories(), this::revised);
            trouble.none();
        } catch (IOException e) {
            trouble.is("A file cannot be read: " + e);
        } catch (MalformedMarketDataException e) {
            trouble.is(String.valueOf(e.getMessage()));
        }
    }

    private void revised(int asset, long time) {
        Instant at = Instant.ofEpochMilli(time);
        Instant first = began;
        Instant last = given;
        if (first != null && last != null && !at.isBefore(first) && !at.isAfter(last)) {
            notices.add("The bar of " + board.assets().get(asset) + " at " + at
                    + " was revised after it was traded; it is not traded again.");
        }
    }

    @Override
    public List<String> notices() {
        return notices.take();
    }

    @Override
    public void close() {
        // Files are open only while they are read.
    }
}
