package io.pipelinev2.deploy.papertrading.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pipelinev2.core.ManualClock;
import io.pipelinev2.deploy.papertrading.MarketSource;
import io.pipelinev2.deploy.papertrading.feed.BarFeed.Next;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FollowArraysFeedTest {

    @TempDir
    private Path directory;

    private final ManualClock clock = new ManualClock(Instant.parse("2026-06-01T00:00:00Z"));
    private final double[][] prices = new double[400][2];
    private final double[][] tech = new double[400][4];
    private final long[] times = new long[400];

    FollowArraysFeedTest() {
        for (int row = 0; row < prices.length; row++) {
            for (int k = 0; k < 2; k++) {
                prices[row][k] = 100 + row + k / 2.0;
            }
            for (int k = 0; k < 4; k++) {
                tech[row][k] = row - k / 4.0;
            }
            times[row] = Instant.parse("2026-01-01T00:00:00Z").getEpochSecond() + row * 3600L;
        }
    }

    @Test
    void rows_that_are_added_are_bars_whether_files_are_replaced_or_written_in_place() throws Exception {
        write(0, 100, true);
        BarFeed feed = begun(Optional.empty());
        assertThat(feed.interval()).contains(Duration.ofHours(1));
        assertThat(feed.next()).isInstanceOf(Next.Waiting.class);

        write(0, 102, true);
        assertIs(arrived(feed), 100);
        assertIs(arrived(feed), 101);
        assertThat(feed.next()).isInstanceOf(Next.Waiting.class);

        clock.set(Instant.ofEpochSecond(times[103]));
        Files.write(file("price_array.npy"), Npy.bytes(rows(prices, 0, 103)));
        assertThat(feed.next()).as("the other arrays are still old").isInstanceOf(Next.Waiting.class);
        Files.write(file("tech_array.npy"), Npy.bytes(rows(tech, 0, 103)));
        byte[] last = Npy.times(Arrays.copyOf(times, 103));
        Files.write(file("time_array.npy"), Arrays.copyOf(last, last.length - 3));
        assertThat(waiting(feed).trouble()).isNull();
        clock.advance(Duration.ofSeconds(5));
        assertThat(waiting(feed).trouble()).contains("time_array.npy").contains("cut short");
        Files.write(file("time_array.npy"), last);
        assertIs(arrived(feed), 102);
        assertThat(feed.notices()).isEmpty();
    }

    @Test
    void old_rows_may_be_dropped_where_there_are_times() throws Exception {
        write(0, 100, true);
        BarFeed feed = begun(Optional.empty());

        write(50, 102, true);

        assertIs(arrived(feed), 100);
        assertIs(arrived(feed), 101);
    }

    @Test
    void arrays_that_do_not_fit_together_yet_are_waited_for() throws Exception {
        write(0, 100, true);
        BarFeed feed = begun(Optional.empty());

        // shifted by one: the same number of rows in all, but the features are still those of before
        Npy.replace(file("price_array.npy"), Npy.bytes(rows(prices, 1, 101)));
        Npy.replace(file("time_array.npy"), Npy.times(Arrays.copyOfRange(times, 1, 101)));
        clock.advance(Duration.ofSeconds(1));
        assertThat(feed.next()).isInstanceOf(Next.Waiting.class);
        clock.advance(Duration.ofSeconds(5));
        assertThat(waiting(feed).trouble()).contains("other values in all of the last");

        Npy.replace(file("tech_array.npy"), Npy.bytes(rows(tech, 1, 101)));
        assertIs(arrived(feed), 100);
        assertThat(feed.notices()).isEmpty();
    }

    @Test
    void a_revised_row_is_noticed_and_not_traded_again() throws Exception {
        write(0, 100, true);
        BarFeed feed = begun(Optional.empty());
        prices[99][0] = 7;
        write(0, 101, true);

        assertIs(arrived(feed), 100);
        assertThat(feed.notices())
                .containsExactly("The bar of 2026-01-05T03:00:00Z was revised after it was traded; it is not traded"
                        + " again.");
        write(0, 102, true);
        assertIs(arrived(feed), 101);
        assertThat(feed.notices()).isEmpty();
    }

    @Test
    void a_shorter_file_is_trouble_until_it_is_whole_again() throws Exception {
        write(0, 100, true);
        BarFeed feed = begun(Optional.empty());
        write(0, 50, true);
        waiting(feed);
        clock.advance(Duration.ofSeconds(5));

        assertThat(waiting(feed).trouble()).contains("do not have the bar of 2026-01-05T03:00:00Z any more");
        write(0, 101, true);
        assertIs(arrived(feed), 100);
    }

    @Test
    void without_times_rows_are_known_by_their_numbers_and_the_interval_must_be_said() throws Exception {
        write(0, 100, false);
        assertThatThrownBy(() -> feed(Optional.empty()))
                .isInstanceOf(FeedException.class)
                .hasMessageContaining("stages.deploy.feed.interval");

        BarFeed feed = feed(Optional.of(Duration.ofHours(1)));
        Bar last = feed.beginning(3).get(2);
        assertThat(last.index()).isEqualTo(99);
        assertThat(last.time()).isNull();
        write(0, 102, false);
        touch(clock.now());
        Next.Arrived next = (Next.Arrived) feed.next();
        assertThat(next.bar().index()).isEqualTo(100);
        assertThat(next.age()).as("the last row is as old as its file").isEqualTo(Duration.ofHours(1));

        BarFeed again = feed(Optional.of(Duration.ofHours(1)));
        again.resumeAfter(last);
        assertThat(arrived(again)).isEqualTo(next.bar());

        prices[99][1] = 5;
        write(0, 103, false);
        BarFeed other = feed(Optional.of(Duration.ofHours(1)));
        assertThatThrownBy(() -> other.resumeAfter(last))
                .isInstanceOf(FeedException.class)
                .hasMessageContaining("bar 99 (without a time)");
    }

    @Test
    void an_account_goes_on_where_it_was() throws Exception {
        write(0, 100, true);
        Bar last = feed(Optional.empty()).beginning(3).get(2);
        assertThat(last.index()).isEqualTo(2);
        write(20, 110, true);

        BarFeed feed = feed(Optional.empty());
        feed.resumeAfter(last);
        for (int row = 100; row < 110; row++) {
            Bar bar = arrived(feed);
            assertIs(bar, row);
            assertThat(bar.index()).isEqualTo(row - 97);
        }
    }

    private void touch(Instant at) throws Exception {
        for (String name : List.of("price_array.npy", "tech_array.npy")) {
            Files.setLastModifiedTime(file(name), FileTime.from(at));
        }
    }

    private BarFeed feed(Optional<Duration> interval) throws Exception {
        return Feeds.open(
                new FeedSettings.Follow(Optional.empty(), interval),
                MarketSource.of(directory),
                Duration.ZERO,
                0,
                clock,
                directory);
    }

    private BarFeed begun(Optional<Duration> interval) throws Exception {
        BarFeed feed = feed(interval);
        assertThat(feed.beginning(5)).hasSize(5);
        return feed;
    }

    private Path file(String name) {
        return directory.resolve(name);
    }

    private void write(int from, int to, boolean timed) throws Exception {
        Npy.replace(file("price_array.npy"), Npy.bytes(rows(prices, from, to)));
        Npy.replace(file("tech_array.npy"), Npy.bytes(rows(tech, from, to)));
        if (timed) {
            Npy.replace(file("time_array.npy"), Npy.times(Arrays.copyOfRange(times, from, to)));
        }
    }

    private static double[][] rows(double[][] array, int from, int to) {
        return Arrays.copyOfRange(array, from, to);
    }

    private void assertIs(Bar bar, int row) {
        assertThat(bar.time()).isEqualTo(Instant.ofEpochSecond(times[row]));
        assertThat(bar.prices()).isEqualTo(Recorded.boxed(prices[row]));
        assertThat(bar.tech()).isEqualTo(Recorded.boxed(tech[row]));
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
