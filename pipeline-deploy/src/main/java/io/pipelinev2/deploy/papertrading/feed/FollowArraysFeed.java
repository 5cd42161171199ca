package io.pipelinev2.deploy.papertrading.feed;

import io.pipelinev2.backtest.market.MalformedMarketDataException;
import io.pipelinev2.backtest.market.MarketDataFiles;
import io.pipelinev2.backtest.market.MarketDataSettings;
import io.pipelinev2.backtest.market.RecordedBars;
import io.pipelinev2.core.Clock;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/**
 * Follows arrays that somebody else writes again and again, each time with more rows. They may be replaced or written in
 * place: as long as they do not fit together, nothing new is taken from them. Where bars have times, rows are found by
 * them, so that old rows may be dropped; otherwise by their number.
 */
final class FollowArraysFeed implements BarFeed {

    /** How many of the bars that were given are compared whenever the files changed. */
    private static final int COMPARED = 32;

    private final MarketDataSettings where;
    private final Due due;
    private final Clock clock;
    private final FileTrouble trouble;
    private final Notices notices = new Notices();
    private final Deque<Bar> given = new ArrayDeque<>();
    private final List<String> assetNames;
    private final int assets;
    private final int features;
    private RecordedBars bars;
    private MarketDataFiles.Version version;
    private Instant modified;
    private int row = -1;

    private FollowArraysFeed(
            MarketDataSettings where,
            RecordedBars bars,
            MarketDataFiles.Version version,
            Duration interval,
            Clock clock) {
        this.where = where;
        this.bars = bars;
        this.version = version;
        this.modified = newest(version);
        this.due = new Due(interval);
        this.clock = clock;
        this.trouble = new FileTrouble(clock);
        this.assetNames = bars.assetNames();
        this.assets = bars.assets();
        this.features = bars.features();
    }

    static FollowArraysFeed open(MarketDataSettings where, Optional<Duration> interval, Clock clock)
            throws IOException {
        MarketDataFiles files = MarketDataFiles.in(where);
        MarketDataFiles.Version version = files.version();
        RecordedBars bars = files.open();
        try {
            Duration step = interval.or(() -> step(bars))
                    .orElseThrow(() -> new FeedException("The arrays in " + where.directory()
                            + " do not say how far apart bars are. Set stages.deploy.feed.interval, or save the times as"
                            + " time_array.npy."));
            return new FollowArraysFeed(where, bars, version, step, clock);
        } catch (FeedException e) {
            bars.close();
            throw e;
        }
    }

    /** The least distance of the last bars: a gap is longer, and nothing is shorter. */
    private static Optional<Duration> step(RecordedBars bars) {
        long step = Long.MAX_VALUE;
        for (int row = Math.max(1, bars.rows() - COMPARED);
                row < bars.rows() && bars.time(row).isPresent();
                row++) {
            step = Math.min(
                    step, bars.time(row).orElseThrow() - bars.time(row - 1).orElseThrow());
        }
        return step == Long.MAX_VALUE ? Optional.empty() : Optional.of(Duration.ofMillis(step));
    }

    @Override
    public List<String> assetNames() {
        return assetNames;
    }

    @Override
    public int assets() {
        return assets;
    }

    @Override
    public int features() {
        return features;
    }

    @Override
    public Optional<Duration> interval() {
        return Optional.of(due.interval());
    }

    @Override
    public List<Bar> beginning(int count) {
        read();
        int end = bars.rows();
        while (end > 0 && !isComplete(end - 1)) {
            end--;
        }
        List<Bar> beginning = new ArrayList<>();
        if (end >= count) {
            boolean timed = end > 0 && bars.time(0).isPresent();
            for (int i = end - count; i < end; i++) {
                // without times a row is known by its number alone, which must then be that of the file
                beginning.add(Recorded.bar(bars, i, timed ? beginning.size() : i));
            }
            beginning.forEach(this::remember);
            row = end - 1;
        }
        return beginning;
    }

    @Override
    public void resumeAfter(Bar last) {
        read();
        if (last.prices().size() != assets || last.tech().size() != features) {
            throw new FeedException("The account was traded on bars of "
                    + last.prices().size() + " assets with "
                    + last.tech().size() + " features, but those in " + where.directory() + " have " + assets + " with "
                    + features + ". Follow the files that it was begun with.");
        }
        Bar there = null;
        int at = find(bars, last);
        if (at >= 0) {
            there = Recorded.bar(bars, at, last.index());
        }
        if (there == null || (last.time() == null && !there.equals(last))) {
            throw new FeedException("The bar " + shown(last) + ", the last that the account was traded on, is not in "
                    + where.directory() + ". Put the files back that it was begun with, or `stop` the deployment.");
        }
        if (!there.equals(last)) {
            notices.add(revised(last));
        }
        row = at;
        given.clear();
        remember(there);
    }

    @Override
    public Next next() {
        read();
        Instant now = clock.now();
        Bar last = given.peekLast();
        if (last == null) {
            return new Next.Waiting(due.look(), trouble.words().orElse(null));
        }
        if (row + 1 < bars.rows() && isComplete(row + 1)) {
            try {
                Bar bar = Recorded.bar(bars, row + 1, last.index() + 1);
                row++;
                remember(bar);
                return new Next.Arrived(bar, age(row, now));
            } catch (UncheckedIOException e) {
                trouble.is("A file cannot be read: " + e.getCause());
            } catch (MalformedMarketDataException e) {
                trouble.is(String.valueOf(e.getMessage()));
            }
        }
        boolean late = age(row, now).compareTo(due.interval().plus(Due.GRACE)) > 0;
        return new Next.Waiting(
                due.look(),
                trouble.words()
                        .orElse(
                                late
                                        ? "There is no bar after the bar " + shown(last)
                                                + " yet. Is the downloader still" + " running?"
                                        : null));
    }

    /** Takes the files as they are now, if they changed, fit together, and hold what was given. */
    private void read() {
        try {
            MarketDataFiles files = MarketDataFiles.in(where);
            MarketDataFiles.Version now = files.version();
            if (now.equals(version)) {
                trouble.none();
                return;
            }
            RecordedBars fresh = files.open();
            int at;
            try {
                at = requireGiven(fresh);
            } catch (RuntimeException e) {
                Recorded.close(fresh);
                throw e;
            }
            Recorded.close(bars);
            bars = fresh;
            version = now;
            modified = newest(now);
            row = at;
            trouble.none();
        } catch (IOException e) {
            trouble.is("A file cannot be read: " + e);
        } catch (UncheckedIOException e) {
            trouble.is("A file cannot be read: " + e.getCause());
        } catch (MalformedMarketDataException e) {
            trouble.is(String.valueOf(e.getMessage()));
        }
    }

    /** @return the row of the bar that was given last, -1 if none was */
    private int requireGiven(RecordedBars fresh) {
        if (fresh.assets() != assets || fresh.features() != features) {
            throw new MalformedMarketDataException("The arrays in " + where.directory() + " now hold " + fresh.assets()
                    + " assets with " + fresh.features() + " features instead of " + assets + " with " + features
                    + ". They are read again until they are those of before.");
        }
        int at = -1;
        int same = 0;
        List<Bar> other = new ArrayList<>();
        for (Bar bar : given) {
            at = find(fresh, bar);
            if (at >= 0) {
                Bar now = Recorded.bar(fresh, at, bar.index());
                if (now.equals(bar)) {
                    same++;
                } else {
                    other.add(now);
                }
            }
        }
        if (at < 0 && !given.isEmpty()) {
            throw new MalformedMarketDataException("The arrays in " + where.directory() + " do not have the bar "
                    + shown(given.getLast())
                    + " any more, which was traded. Are they being written, or were they replaced"
                    + " by others? They are read again until they have it.");
        }
        if (same == 0 && other.size() > 1) {
            throw new MalformedMarketDataException("The arrays in " + where.directory() + " have other values in all of"
                    + " the last " + other.size() + " bars that were traded. Are they being written, or were they"
                    + " replaced by others? They are read again until they have them.");
        }
        for (Bar now : other) {
            notices.add(revised(now));
            given.removeIf(bar -> bar.index() == now.index());
        }
        List<Bar> all = new ArrayList<>(given);
        all.addAll(other);
        all.sort((a, b) -> Long.compare(a.index(), b.index()));
        given.clear();
        given.addAll(all);
        return at;
    }

    private static int find(RecordedBars in, Bar bar) {
        Instant time = bar.time();
        if (time == null) {
            return bar.index() < in.rows() ? (int) bar.index() : -1;
        }
        int low = 0;
        int high = in.rows() - 1;
        while (low <= high) {
            int middle = (low + high) >>> 1;
            if (in.time(middle).isEmpty()) {
                return -1;
            }
            int compared = Long.compare(in.time(middle).orElseThrow(), time.toEpochMilli());
            if (compared == 0) {
                return middle;
            }
            if (compared < 0) {
                low = middle + 1;
            } else {
                high = middle - 1;
            }
        }
        return -1;
    }

    private void remember(Bar bar) {
        given.addLast(bar);
        if (given.size() > COMPARED) {
            given.removeFirst();
        }
    }

    private boolean isComplete(int at) {
        return bars.time(at).isEmpty()
                || !due.complete(bars.time(at).orElseThrow()).isAfter(clock.now());
    }

    /** Without times the last row is as old as its file, and each before it one interval older. */
    private Duration age(int at, Instant now) {
        if (bars.time(at).isPresent()) {
            return due.age(bars.time(at).orElseThrow(), now);
        }
        Duration age =
                Duration.between(modified, now).plus(due.interval().multipliedBy(Math.max(0, bars.rows() - 1 - at)));
        return age.isNegative() ? Duration.ZERO : age;
    }

    private static Instant newest(MarketDataFiles.Version version) {
        return version.files().stream()
                .map(entry -> entry.modified().toInstant())
                .max(Instant::compareTo)
                .orElse(Instant.EPOCH);
    }

    private static String shown(Bar bar) {
        return bar.time() == null ? bar.index() + " (without a time)" : "of " + bar.time();
    }

    private static String revised(Bar bar) {
        return "The bar " + shown(bar) + " was revised after it was traded; it is not traded again.";
    }

    @Override
    public List<String> notices() {
        return notices.take();
    }

    @Override
    public void close() {
        Recorded.close(bars);
    }
}
