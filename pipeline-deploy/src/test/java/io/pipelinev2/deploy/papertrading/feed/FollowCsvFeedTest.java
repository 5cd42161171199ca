package io.pipelinev2.deploy.papertrading.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import io.pipelinev2.backtest.market.MarketData;
import io.pipelinev2.backtest.market.MarketDataSettings;
import io.pipelinev2.core.ManualClock;
import io.pipelinev2.deploy.papertrading.MarketSource;
import io.pipelinev2.deploy.papertrading.feed.BarFeed.Next;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FollowCsvFeedTest {

    private static final String HEADER = "time,open,high,low,close,volume\n";

    @TempDir
    private Path directory;

    private final ManualClock clock = new ManualClock(Instant.parse("2026-06-01T00:00:00Z"));
    private final Walk walk = new Walk(Instant.parse("2026-01-01T00:00:00Z"), 1600);

    @Test
    void it_begins_with_the_newest_bars_and_gives_those_that_are_appended() throws Exception {
        writeAll(100);
        BarFeed feed = feed();
        assertThat(feed.assetNames()).isEqualTo(Walk.ASSETS);
        assertThat(feed.interval()).contains(Walk.HOUR);
        assertThat(feed.features()).isEqualTo(42);

        List<Bar> beginning = feed.beginning(5);

        assertThat(beginning).extracting(Bar::index).containsExactly(0L, 1L, 2L, 3L, 4L);
        assertIs(beginning.get(0), 95);
        assertIs(beginning.get(4), 99);
        assertThat(feed.next()).isInstanceOf(Next.Waiting.class);
        appendAll(100);
        Bar next = arrived(feed);
        assertIs(next, 100);
        assertThat(next.index()).isEqualTo(5);
        assertThat(feed.next()).isInstanceOf(Next.Waiting.class);
        assertThat(feed.notices()).isEmpty();
    }

    @Test
    void features_are_those_of_a_backtest_on_the_same_files() throws Exception {
        writeAll(1450);
        BarFeed feed = feed();
        List<Bar> bars = new ArrayList<>(feed.beginning(3));
        for (int row = 1450; row < 1550; row++) {
            appendAll(row);
            bars.add(arrived(feed));
        }

        MarketData market = MarketData.load(MarketDataSettings.of(directory).withAssets(Walk.ASSETS));
        int first = market.rows() - bars.size();
        for (int i = 0; i < bars.size(); i++) {
            for (int k = 0; k < 42; k++) {
                double expected = market.tech(first + i, k);
                assertThat(bars.get(i).tech().get(k))
                        .isCloseTo(expected, within(1e-6 * Math.max(1, Math.abs(expected))));
            }
            for (int k = 0; k < 3; k++) {
                assertThat(bars.get(i).prices().get(k)).isEqualTo(market.price(first + i, k));
            }
        }
    }

    @Test
    void half_a_line_waits_for_its_end() throws Exception {
        writeAll(60);
        BarFeed feed = begun();
        append(0, walk.line(0, 60));
        append(1, walk.line(1, 60));
        String line = walk.line(2, 60);
        for (int i = 0; i < line.length(); i++) {
            assertThat(feed.next()).isInstanceOf(Next.Waiting.class);
            append(2, line.substring(i, i + 1));
        }
        assertIs(arrived(feed), 60);
    }

    @Test
    void one_file_for_all_assets_is_followed_too() throws Exception {
        Path file = directory.resolve("all.csv");
        StringBuilder text = new StringBuilder("symbol," + HEADER);
        for (int row = 0; row < 60; row++) {
            for (int asset = 0; asset < 3; asset++) {
                text.append(Walk.ASSETS.get(asset)).append(',').append(walk.line(asset, row));
            }
        }
        Files.writeString(file, text);
        BarFeed feed = begun();
        for (int asset = 0; asset < 3; asset++) {
            Files.writeString(file, Walk.ASSETS.get(asset) + "," + walk.line(asset, 60), StandardOpenOption.APPEND);
        }
        assertIs(arrived(feed), 60);
    }

    @Test
    void a_time_that_one_asset_skips_is_left_out_once_a_later_one_is_complete() throws Exception {
        writeAll(60);
        BarFeed feed = begun();
        append(0, walk.line(0, 60));
        append(2, walk.line(2, 60));
        assertThat(feed.next()).isInstanceOf(Next.Waiting.class);
        appendAll(61);

        assertIs(arrived(feed), 61);
        assertThat(feed.notices())
                .containsExactly("The bar of 2026-01-03T12:00:00Z was left out: there is none of BTC.");
    }

    @Test
    void a_bar_that_is_not_over_yet_waits() throws Exception {
        writeAll(60);
        clock.set(walk.time(60).plus(Duration.ofMinutes(10)));
        BarFeed feed = begun();
        appendAll(60);
        assertThat(feed.next()).isInstanceOf(Next.Waiting.class);

        clock.advance(Duration.ofMinutes(51));
        Next next = feed.next();
        assertThat(next).isInstanceOf(Next.Arrived.class);
        assertThat(((Next.Arrived) next).age()).isEqualTo(Duration.ofMinutes(1));
        assertThat(waiting(feed).trouble()).isNull();
        clock.advance(Duration.ofMinutes(61));
        assertThat(waiting(feed).trouble()).startsWith("There is no bar after that of 2026-01-03T12:00:00Z yet.");
    }

    @Test
    void a_bar_that_is_revised_is_noticed_and_not_traded_again() throws Exception {
        writeAll(60);
        BarFeed feed = begun();
        appendAll(60);
        assertIs(arrived(feed), 60);
        String text = Files.readString(file(1));
        double[] bar = walk.bar(1, 60);
        Path fresh = directory.resolve("BTC.tmp");
        Files.writeString(fresh, text.replace("," + bar[4] + "\n", "," + (bar[4] + 1) + "\n") + walk.line(1, 61));
        Files.move(fresh, file(1), StandardCopyOption.ATOMIC_MOVE);
        append(0, walk.line(0, 61));
        append(2, walk.line(2, 61));

        assertIs(arrived(feed), 61);
        assertThat(feed.notices())
                .containsExactly("The bar of BTC at 2026-01-03T12:00:00Z was revised after it was traded; it is not"
                        + " traded again.");
        assertThat(feed.next()).isInstanceOf(Next.Waiting.class);
    }

    @Test
    void a_file_that_is_cut_or_replaced_is_trouble_until_it_makes_sense_again() throws Exception {
        writeAll(60);
        clock.set(walk.time(61).plusSeconds(1));
        BarFeed feed = begun();
        String whole = Files.readString(file(0));

        Files.writeString(file(0), HEADER + walk.line(0, 3));
        assertThat(waiting(feed).trouble()).as("it may be being written").isNull();
        clock.advance(Duration.ofSeconds(5));
        assertThat(waiting(feed).trouble())
                .contains("ETH.csv does not have the bar of ETH at 2026-01-03T11:00:00Z any more");

        StringBuilder other = new StringBuilder(HEADER);
        for (int row = 0; row < 62; row++) {
            other.append(walk.line(1, row));
        }
        Files.writeString(file(0), other);
        assertThat(waiting(feed).trouble()).contains("other values in all of the last");

        Files.delete(file(0));
        assertThat(waiting(feed).trouble()).contains("NoSuchFile");

        Files.writeString(file(0), whole + "2026-01-03T12:00:00Z,1,2,oops,1,1\n");
        assertThat(waiting(feed).trouble()).contains("ETH.csv, line 62 has the low 'oops'");

        Files.writeString(file(0), whole + walk.line(0, 60));
        append(1, walk.line(1, 60));
        append(2, walk.line(2, 60));
        assertIs(arrived(feed), 60);
        assertThat(feed.notices()).isEmpty();
    }

    @Test
    void old_lines_may_be_dropped() throws Exception {
        writeAll(200);
        BarFeed feed = begun();
        for (int asset = 0; asset < 3; asset++) {
            StringBuilder text = new StringBuilder(HEADER);
            for (int row = 100; row <= 200; row++) {
                text.append(walk.line(asset, row));
            }
            Files.writeString(file(asset), text);
        }
        assertIs(arrived(feed), 200);
    }

    @Test
    void an_account_goes_on_with_every_bar_that_it_missed() throws Exception {
        writeAll(60);
        Bar last;
        try (BarFeed feed = feed()) {
            last = feed.beginning(3).get(2);
        }
        for (int row = 60; row < 90; row++) {
            appendAll(row);
        }
        BarFeed feed = feed();
        feed.resumeAfter(last);
        for (int row = 60; row < 90; row++) {
            Bar bar = arrived(feed);
            assertIs(bar, row);
            assertThat(bar.index()).isEqualTo(row - 57);
        }
        assertThat(feed.notices()).isEmpty();
    }

    @Test
    void an_account_of_other_assets_is_refused() throws Exception {
        writeAll(60);
        BarFeed feed = feed();

        assertThatThrownBy(() -> feed.resumeAfter(new Bar(3, walk.time(59), List.of(1.0), List.of(1.0))))
                .isInstanceOf(FeedException.class)
                .hasMessageContaining("1 assets with 1 features");
    }

    @Test
    void files_too_short_to_trade_on_are_told_of() throws Exception {
        writeAll(20);
        BarFeed feed = feed();

        assertThat(feed.beginning(3)).isEmpty();
        assertThat(waiting(feed).trouble()).contains("no more than 33 complete bars");
        for (int row = 20; row < 36; row++) {
            appendAll(row);
        }
        assertThat(feed.beginning(3)).hasSize(3);
    }

    @Test
    void what_a_bar_costs_does_not_depend_on_the_length_of_the_files() throws Exception {
        writeAll(1599);
        BarFeed feed = begun();
        // damage far before the lines that are looked at: it would be an error if everything was read again
        try (var channel = FileChannel.open(file(0), StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(new byte[] {'x'}), 2000);
        }
        appendAll(1599);
        assertIs(arrived(feed), 1599);
    }

    /** Another thread writes as no program should: in pieces of any length, and all files at once. */
    @Test
    void every_bar_arrives_once_from_a_downloader_that_writes_in_pieces() throws Exception {
        writeAll(60);
        BarFeed feed = begun();
        AtomicReference<Throwable> failed = new AtomicReference<>();
        Thread downloader = new Thread(() -> {
            try {
                Random random = new Random(3);
                StringBuilder[] left = new StringBuilder[3];
                for (int asset = 0; asset < 3; asset++) {
                    left[asset] = new StringBuilder();
                    for (int row = 60; row < 300; row++) {
                        left[asset].append(walk.line(asset, row));
                    }
                }
                while (left[0].length() + left[1].length() + left[2].length() > 0) {
                    int asset = random.nextInt(3);
                    int length = Math.min(left[asset].length(), random.nextInt(400));
                    append(asset, left[asset].substring(0, length));
                    left[asset].delete(0, length);
                    if (random.nextInt(50) == 0) {
                        // and rewrites everything in place from time to time
                        byte[] all = Files.readAllBytes(file(asset));
                        try (OutputStream out = Files.newOutputStream(file(asset))) {
                            out.write(all, 0, all.length / 3);
                            out.write(all, all.length / 3, all.length - all.length / 3);
                        }
                    }
                }
            } catch (Exception e) {
                failed.set(e);
            }
        });
        downloader.start();
        int[] row = {60};
        await().atMost(Duration.ofSeconds(30)).until(() -> {
            while (feed.next() instanceof Next.Arrived next) {
                assertIs(next.bar(), row[0]++);
            }
            return row[0] == 300 || failed.get() != null;
        });
        downloader.join();
        assertThat(failed.get()).isNull();
        assertThat(feed.notices()).isEmpty();
    }

    private BarFeed feed() throws Exception {
        return Feeds.open(
                new FeedSettings.Follow(Optional.of(directory), Optional.empty()),
                new MarketSource(directory.resolve("elsewhere"), Optional.empty(), Walk.ASSETS),
                Duration.ZERO,
                0,
                clock,
                directory);
    }

    private BarFeed begun() throws Exception {
        BarFeed feed = feed();
        assertThat(feed.beginning(3)).hasSize(3);
        return feed;
    }

    private Path file(int asset) {
        return directory.resolve(Walk.ASSETS.get(asset) + ".csv");
    }

    private void writeAll(int rows) throws Exception {
        for (int asset = 0; asset < 3; asset++) {
            StringBuilder text = new StringBuilder(HEADER);
            for (int row = 0; row < rows; row++) {
                text.append(walk.line(asset, row));
            }
            Files.writeString(file(asset), text);
        }
    }

    private void appendAll(int row) throws Exception {
        for (int asset = 0; asset < 3; asset++) {
            append(asset, walk.line(asset, row));
        }
    }

    private void append(int asset, String text) throws Exception {
        Files.write(file(asset), text.getBytes(StandardCharsets.US_ASCII), StandardOpenOption.APPEND);
    }

    private void assertIs(Bar bar, int row) {
        assertThat(bar.time()).isEqualTo(walk.time(row));
        assertThat(bar.prices()).isEqualTo(walk.closes(row));
    }

    private static Bar arrived(BarFeed feed) {
        Next next = feed.next();
        assertThat(next).isInstanceOf(Next.Arrived.class);
        return ((Next.Arrived) next).bar();
    }

    private static Next.Waiting waiting(BarFeed feed) {
        Next next = feed.next();
        assertThat(next).isInstanceOf(Next.Waiting.class);
        return (Next.Waiting) next;
    }
}
