package io.pipelinev2.deploy.papertrading.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pipelinev2.core.ManualClock;
import io.pipelinev2.deploy.papertrading.MarketSource;
import io.pipelinev2.deploy.papertrading.feed.BarFeed.Next;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReplayFeedTest {

    @TempDir
    private Path directory;

    private final ManualClock clock = new ManualClock();

    @BeforeEach
    void write() throws Exception {
        double[][] prices = new double[10][2];
        double[][] tech = new double[10][2];
        for (int row = 0; row < 10; row++) {
            prices[row] = new double[] {row + 1, row + 2};
            tech[row] = new double[] {-row, row};
        }
        Files.write(directory.resolve("price_array.npy"), Npy.bytes(prices));
        Files.write(directory.resolve("tech_array.npy"), Npy.bytes(tech));
    }

    @Test
    void a_bar_comes_every_pace_until_the_end() throws Exception {
        try (BarFeed feed = feed(Duration.ofSeconds(2))) {
            assertThat(feed.interval()).isEmpty();
            assertThat(feed.beginning(3)).extracting(Bar::index).containsExactly(0L, 1L, 2L);
            clock.advance(Duration.ofMillis(1500));
            assertThat(feed.next()).isEqualTo(new Next.Waiting(Duration.ofMillis(500), null));
            for (int row = 3; row < 10; row++) {
                clock.advance(Duration.ofSeconds(2));
                assertThat(feed.next())
                        .isEqualTo(new Next.Arrived(
                                new Bar(row, null, List.of(row + 1.0, row + 2.0), List.of((double) -row, (double) row)),
                                Duration.ZERO));
            }
            clock.advance(Duration.ofSeconds(2));
            assertThat(feed.next()).isEqualTo(new Next.AtEnd());
            assertThat(feed.next()).isEqualTo(new Next.AtEnd());
        }
    }

    @Test
    void the_last_bars_may_be_held_back() throws Exception {
        try (BarFeed feed = feed(Duration.ZERO, 3)) {
            feed.beginning(6);
            assertThat(((Next.Arrived) feed.next()).bar().index()).isEqualTo(6);
            assertThat(feed.next()).isEqualTo(new Next.AtEnd());
        }
    }

    @Test
    void without_a_pace_bars_come_as_fast_as_they_are_taken() throws Exception {
        try (BarFeed feed = feed(Duration.ZERO)) {
            feed.beginning(1);
            int bars = 0;
            while (feed.next() instanceof Next.Arrived) {
                bars++;
            }
            assertThat(bars).isEqualTo(9);
        }
    }

    @Test
    void an_account_goes_on_after_its_last_bar_and_on_no_other_bars() throws Exception {
        Bar last;
        try (BarFeed feed = feed(Duration.ZERO)) {
            last = feed.beginning(5).get(4);
        }
        try (BarFeed feed = feed(Duration.ZERO)) {
            feed.resumeAfter(last);
            assertThat(((Next.Arrived) feed.next()).bar().index()).isEqualTo(5);

            for (Bar other : List.of(
                    new Bar(4, null, List.of(5.0, 6.5), last.tech()),
                    new Bar(3, null, last.prices(), last.tech()),
                    new Bar(10, null, last.prices(), last.tech()))) {
                assertThatThrownBy(() -> feed.resumeAfter(other))
                        .isInstanceOf(FeedException.class)
                        .hasMessageContaining("traded on other bars");
            }
        }
    }

    /** The arrays are 73 MB, and the heap of a trader is 64 MB; here it is half of that. */
    @Test
    void a_day_of_seconds_is_played_without_being_held() throws Exception {
        double[][] prices = new double[86_400][7];
        double[][] tech = new double[86_400][98];
        for (double[] row : prices) {
            Arrays.fill(row, 5);
        }
        Files.write(directory.resolve("price_array.npy"), Npy.bytes(prices));
        Files.write(directory.resolve("tech_array.npy"), Npy.bytes(tech));
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx32m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        Player.class.getName(),
                        directory.toString())
                .redirectErrorStream(true)
                .start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(process.waitFor()).as(said).isZero();
        assertThat(said).contains("86400 bars");
    }

    /** Plays a directory to its end, in a process of its own. */
    static final class Player {

        private Player() {}

        public static void main(String[] arguments) throws Exception {
            try (BarFeed feed = Feeds.open(
                    new FeedSettings.Replay(),
                    MarketSource.of(Path.of(arguments[0])),
                    Duration.ZERO,
                    0,
                    new ManualClock(),
                    Path.of(arguments[0]))) {
                int bars = feed.beginning(10).size();
                while (feed.next() instanceof Next.Arrived) {
                    bars++;
                }
                System.out.println(bars + " bars");
            }
        }
    }

    private BarFeed feed(Duration pace) throws Exception {
        return feed(pace, 0);
    }

    private BarFeed feed(Duration pace, int heldBack) throws Exception {
        return Feeds.open(new FeedSettings.Replay(), MarketSource.of(directory), pace, heldBack, clock, directory);
    }
}
