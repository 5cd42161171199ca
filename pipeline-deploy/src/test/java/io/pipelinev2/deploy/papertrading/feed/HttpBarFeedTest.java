package io.pipelinev2.deploy.papertrading.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import io.pipelinev2.core.ManualClock;
import io.pipelinev2.deploy.papertrading.feed.BarFeed.Next;
import io.pipelinev2.deploy.papertrading.feed.BarsServer.Fault;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Against a real server with faults. What is done in the background is done at once here, so that nothing is awaited. */
class HttpBarFeedTest {

    private static final Duration POLL = Duration.ofSeconds(30);

    /** How long after its end a bar counts. */
    private static final Duration SETTLED = Duration.ofSeconds(5);

    private static final Duration HALF = Duration.ofMinutes(30).plus(SETTLED);

    /** The bar that has just been complete when the clock stands at its start, 21:30. */
    private static final int NEWEST = 1999;

    @TempDir
    private Path directory;

    private final ManualClock clock = new ManualClock();

    /** In real time, as it is the time of a real server. */
    private Duration patience = Duration.ofSeconds(30);

    private final Walk walk =
            new Walk(Instant.parse("2026-01-29T20:00:00Z").minus(Walk.HOUR.multipliedBy(NEWEST)), 2300);
    private BarsServer server;

    @BeforeEach
    void serve() throws Exception {
        server = new BarsServer(walk, clock);
    }

    @AfterEach
    void end() throws Exception {
        server.close();
    }

    @Test
    void an_account_begins_with_the_newest_complete_bars() throws Exception {
        HttpBarFeed feed = feed();

        List<Bar> beginning = feed.beginning(4);

        assertThat(feed.assetNames()).isEqualTo(Walk.ASSETS);
        assertThat(feed.interval()).contains(Walk.HOUR);
        assertThat(beginning).extracting(Bar::index).containsExactly(0L, 1L, 2L, 3L);
        for (int i = 0; i < 4; i++) {
            assertIs(beginning.get(i), NEWEST - 3 + i);
        }
        assertThat(server.requests).hasSize(1);
        assertThat(server.requests.get(0).line()).startsWith("GET ");
        assertThat(server.requests.get(0).query())
                .containsEntry("symbols", "ETH/USD,BTC/USD,UNI/USD")
                .containsEntry("timeframe", "1Hour");
    }

    @Test
    void each_bar_comes_once_when_it_is_complete_and_nothing_is_asked_for_before() throws Exception {
        HttpBarFeed feed = begun();

        assertThat(feed.next()).isInstanceOf(Next.Waiting.class);
        assertThat(waiting(feed).trouble()).isNull();
        assertThat(server.requests).hasSize(1);

        clock.advance(HALF);
        Next.Arrived next = arrived(feed);
        assertIs(next.bar(), NEWEST + 1);
        assertThat(next.bar().index()).isEqualTo(4);
        assertThat(next.age()).isEqualTo(SETTLED);
        assertThat(feed.next()).isInstanceOf(Next.Waiting.class);

        clock.advance(Walk.HOUR);
        assertIs(arrived(feed).bar(), NEWEST + 2);
        assertThat(server.requests).hasSize(3);
        assertThat(feed.notices()).isEmpty();
    }

    @Test
    void what_has_only_just_ended_is_not_taken_yet() throws Exception {
        HttpBarFeed feed = begun();
        clock.advance(HALF.minusSeconds(1));
        assertThat(feed.next()).isInstanceOf(Next.Waiting.class);
        assertThat(server.requests).hasSize(1);
        clock.advance(Duration.ofSeconds(1));
        assertIs(arrived(feed).bar(), NEWEST + 1);
    }

    @Test
    void features_are_those_of_the_longest_history() throws Exception {
        HttpBarFeed feed = begun();
        for (int i = 1; i <= 60; i++) {
            clock.advance(Walk.HOUR);
            Bar bar = arrived(feed).bar();
            double[] expected = walk.features(NEWEST + i);
            for (int k = 0; k < expected.length; k++) {
                assertThat(bar.tech().get(k)).isCloseTo(expected[k], within(1e-6 * Math.max(1, Math.abs(expected[k]))));
            }
        }
    }

    @Test
    void pages_are_followed_and_order_and_repetition_do_not_matter() throws Exception {
        server.page = 700;
        server.shuffled = true;
        server.twice = true;
        HttpBarFeed feed = begun();

        clock.advance(HALF);
        assertIs(arrived(feed).bar(), NEWEST + 1);
        assertThat(server.requests.size()).isGreaterThan(8);
        assertThat(feed.notices()).isEmpty();
    }

    @Test
    void a_bar_that_is_late_is_waited_for_at_the_pace_of_the_polls_and_told_of_when_overdue() throws Exception {
        HttpBarFeed feed = begun();
        server.delay = Duration.ofMinutes(5);
        clock.advance(HALF);

        assertThat(waiting(feed).trouble()).isNull();
        assertThat(waiting(feed).trouble()).isNull();
        assertThat(server.requests).hasSize(2);
        clock.advance(POLL);
        assertThat(waiting(feed).trouble()).isNull();
        assertThat(server.requests).hasSize(3);
        clock.advance(Duration.ofMinutes(2));
        assertThat(waiting(feed).trouble()).startsWith("There is no bar after that of 2026-01-29T20:00:00Z yet");
        clock.advance(Duration.ofMinutes(4));
        Next.Arrived late = arrived(feed);
        assertIs(late.bar(), NEWEST + 1);
        assertThat(late.age()).isEqualTo(Duration.ofMinutes(6).plus(POLL).plus(SETTLED));
    }

    @Test
    void a_bar_that_one_asset_lacks_is_waited_for() throws Exception {
        HttpBarFeed feed = begun();
        server.withhold("BTC", NEWEST + 1);
        clock.advance(HALF);
        assertThat(waiting(feed).trouble()).isNull();

        clock.advance(Duration.ofMinutes(2));
        assertThat(waiting(feed).trouble()).isEqualTo("There is no bar of BTC at 2026-01-29T21:00:00Z yet.");

        server.publish("BTC", NEWEST + 1);
        clock.advance(POLL);
        assertIs(arrived(feed).bar(), NEWEST + 1);
        assertThat(feed.notices()).isEmpty();
    }

    @Test
    void a_gap_of_one_asset_is_filled_after_two_intervals_and_once_later_bars_are_complete() throws Exception {
        HttpBarFeed feed = begun();
        server.withhold("BTC", NEWEST + 1);
        clock.advance(HALF).advance(Walk.HOUR);
        assertThat(feed.next()).as("after one interval").isInstanceOf(Next.Waiting.class);

        clock.advance(Walk.HOUR);
        Bar filled = arrived(feed).bar();
        assertThat(filled.time()).isEqualTo(walk.time(NEWEST + 1));
        assertThat(filled.prices())
                .containsExactly(walk.close(0, NEWEST + 1), walk.close(1, NEWEST), walk.close(2, NEWEST + 1));
        assertThat(filled.tech().subList(14, 19))
                .containsExactly(
                        walk.close(1, NEWEST),
                        walk.close(1, NEWEST),
                        walk.close(1, NEWEST),
                        walk.close(1, NEWEST),
                        0.0);
        assertThat(feed.notices())
                .containsExactly("There is no bar of BTC at 2026-01-29T21:00:00Z; the close before it was taken, with a"
                        + " volume of 0.");
        assertThat(arrived(feed).bar().prices()).isEqualTo(walk.closes(NEWEST + 2));
        assertThat(arrived(feed).bar().prices()).isEqualTo(walk.closes(NEWEST + 3));
        assertThat(feed.next()).isInstanceOf(Next.Waiting.class);
    }

    @Test
    void without_later_bars_of_all_assets_nothing_is_filled() throws Exception {
        HttpBarFeed feed = begun();
        for (int i = 1; i < 10; i++) {
            server.withhold("BTC", NEWEST + i);
        }
        clock.advance(Walk.HOUR.multipliedBy(8));

        assertThat(waiting(feed).trouble()).contains("no bar of BTC");
    }

    @Test
    void a_bar_that_is_revised_after_it_was_traded_is_noticed_and_not_traded_again() throws Exception {
        HttpBarFeed feed = begun();
        clock.advance(HALF);
        arrived(feed);
        double[] other = walk.bar(1, NEWEST + 1);
        other[3] = (other[1] + other[2]) / 2;
        server.revise("BTC", NEWEST + 1, other);
        clock.advance(Walk.HOUR);

        Bar next = arrived(feed).bar();

        assertThat(next.prices()).isEqualTo(walk.closes(NEWEST + 2));
        assertThat(feed.notices())
                .containsExactly("The bar of BTC at 2026-01-29T21:00:00Z was revised after it was traded; it is not"
                        + " traded again.");
        assertThat(feed.next()).isInstanceOf(Next.Waiting.class);
    }

    @Test
    void an_endpoint_that_had_enough_is_left_alone_for_as_long_as_it_says() throws Exception {
        HttpBarFeed feed = begun();
        server.faults.add(Fault.status(429, "Retry-After: 300"));
        clock.advance(HALF);

        assertThat(waiting(feed).trouble()).isNull();
        clock.advance(Duration.ofSeconds(299));
        assertThat(waiting(feed).trouble()).contains("status 429");
        assertThat(server.requests).hasSize(2);
        clock.advance(Duration.ofSeconds(1));
        assertIs(arrived(feed).bar(), NEWEST + 1);
    }

    @Test
    void outages_are_waited_out_ever_longer_and_are_trouble_once_a_bar_is_overdue() throws Exception {
        HttpBarFeed feed = begun();
        for (int i = 0; i < 5; i++) {
            server.faults.add(Fault.status(500, ""));
        }
        clock.advance(HALF);
        assertThat(waiting(feed).trouble()).isNull();
        assertThat(server.requests).hasSize(2);
        clock.advance(POLL.multipliedBy(1));
        waiting(feed);
        clock.advance(POLL.multipliedBy(1));
        waiting(feed);
        assertThat(server.requests)
                .as("the second failure is waited out twice as long")
                .hasSize(3);
        clock.advance(POLL.multipliedBy(1));
        assertThat(waiting(feed).trouble()).contains("status 500");
        assertThat(server.requests).hasSize(4);
        clock.advance(POLL.multipliedBy(4));
        waiting(feed);
        clock.advance(POLL.multipliedBy(8));
        waiting(feed);
        clock.advance(POLL.multipliedBy(16));
        assertIs(arrived(feed).bar(), NEWEST + 1);
        assertThat(waiting(feed).trouble()).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "<html>maintenance</html>",
                "[]",
                "null",
                "{}",
                "{\"bars\":[]}",
                "{\"bars\":{\"ETH/USD\":[{\"t\":\"2026-01-29T21:00:00Z\",\"o\":NaN}]}}",
                "{\"bars\":{\"DOGE/USD\":[]}}",
                "{\"bars\":{\"__proto__\":[{\"t\":1}]}}",
                "{\"bars\":{\"ETH/USD\":{}}}",
                "{\"bars\":{},\"next_page_token\":7}"
            })
    void an_answer_that_is_none_is_refused_in_words(String body) throws Exception {
        HttpBarFeed feed = begun();
        server.faults.add(Fault.body(body));
        clock.advance(HALF);

        assertThat(waiting(feed).trouble()).startsWith("The endpoint");
        clock.advance(POLL.multipliedBy(2));
        assertIs(arrived(feed).bar(), NEWEST + 1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"\"c\":0", "\"c\":-1", "\"c\":\"NaN\"", "\"c\":null", "\"c\":1e999", "\"v\":-1", "\"h\":1e-9"})
    void an_impossible_bar_counts_as_not_there_and_is_told_of_once(String wrong) throws Exception {
        HttpBarFeed feed = begun();
        String bar = "{\"t\":\"2026-01-29T21:00:00Z\",\"o\":5,\"h\":6,\"l\":4,\"c\":5,\"v\":1}";
        String name = wrong.substring(0, 4);
        String bad = bar.replaceAll(name + "[^,}]*", wrong);
        for (int i = 0; i < 2; i++) {
            server.faults.add(Fault.body("{\"bars\":{\"ETH/USD\":[" + bad + "],\"BTC/USD\":[" + bar + "],\"UNI/USD\":["
                    + bar + "]},\"next_page_token\":null}"));
        }
        clock.advance(HALF);
        assertThat(feed.next()).isInstanceOf(Next.Waiting.class);
        clock.advance(POLL);
        assertThat(feed.next()).isInstanceOf(Next.Waiting.class);

        assertThat(feed.notices())
                .singleElement()
                .asString()
                .startsWith("A bar of ETH/USD at 2026-01-29T21:00:00Z has ")
                .endsWith("It counts as not there.");
    }

    @Test
    void an_answer_that_breaks_off_is_no_answer() throws Exception {
        HttpBarFeed feed = begun();
        server.faults.add(Fault.CUT);
        clock.advance(HALF);

        assertThat(feed.next()).isInstanceOf(Next.Waiting.class);
        clock.advance(POLL.multipliedBy(2));
        assertIs(arrived(feed).bar(), NEWEST + 1);
    }

    @Test
    void an_answer_that_hangs_is_given_up() throws Exception {
        patience = Duration.ofSeconds(2);
        HttpBarFeed feed = begun();
        server.faults.add(Fault.HANGS);
        clock.advance(HALF);

        assertThat(feed.next()).isInstanceOf(Next.Waiting.class);
        clock.advance(POLL.multipliedBy(3));
        assertIs(arrived(feed).bar(), NEWEST + 1);
    }

    @Test
    void a_trader_is_never_held_up_by_a_hanging_endpoint() throws Exception {
        for (int i = 0; i < 3; i++) {
            server.faults.add(Fault.HANGS);
        }
        try (HttpBarFeed feed = HttpBarFeed.open(settings(), List.of(), clock, directory)) {
            assertThat(feed.beginning(4)).isEmpty();
            await().until(() -> server.requests.size() == 1);
            assertThat(feed.beginning(4)).isEmpty();
            assertThat(feed.next()).isInstanceOf(Next.Waiting.class);
        }
    }

    @Test
    void a_clock_that_is_wrong_is_told_of_and_ages_are_those_of_the_endpoint() throws Exception {
        HttpBarFeed feed = begun();
        server.ahead = Duration.ofSeconds(90);
        clock.advance(HALF);

        Next.Arrived next = arrived(feed);

        assertIs(next.bar(), NEWEST + 1);
        assertThat(next.age()).isEqualTo(Duration.ofSeconds(95));
        assertThat(waiting(feed).trouble()).startsWith("This machine's clock is 90 s behind the endpoint's.");
    }

    @Test
    void a_bar_that_is_not_over_by_the_endpoints_clock_is_not_taken() throws Exception {
        HttpBarFeed feed = begun();
        server.ahead = Duration.ofSeconds(-20);
        clock.advance(HALF).advance(Duration.ofSeconds(10));

        assertThat(feed.next()).isInstanceOf(Next.Waiting.class);
        clock.advance(POLL);
        assertIs(arrived(feed).bar(), NEWEST + 1);
    }

    @Test
    void two_traders_of_a_home_make_one_request() throws Exception {
        HttpBarFeed one = begun();
        HttpBarFeed other = begun();
        assertThat(server.requests).hasSize(1);

        for (int i = 1; i <= 5; i++) {
            clock.advance(Walk.HOUR);
            assertIs(arrived(i % 2 == 0 ? one : other).bar(), NEWEST + i);
            assertIs(arrived(i % 2 == 0 ? other : one).bar(), NEWEST + i);
            assertThat(server.requests).hasSize(1 + i);
        }
    }

    @Test
    void two_traders_of_a_home_wait_together() throws Exception {
        HttpBarFeed one = begun();
        HttpBarFeed other = begun();
        server.faults.add(Fault.status(429, "Retry-After: 600"));
        clock.advance(HALF);
        waiting(one);
        clock.advance(Duration.ofMinutes(9));

        assertThat(waiting(other).trouble()).contains("status 429");
        assertThat(server.requests).hasSize(2);
    }

    @Test
    void traders_in_threads_of_their_own_make_few_requests_and_get_every_bar() throws Exception {
        List<HttpBarFeed> feeds = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            feeds.add(HttpBarFeed.open(settings(), List.of(), clock, directory));
        }
        for (HttpBarFeed feed : feeds) {
            await().until(() -> feed.beginning(4).size() == 4);
        }
        assertThat(server.requests).hasSize(1);
        clock.advance(HALF);
        for (HttpBarFeed feed : feeds) {
            List<Next> got = new ArrayList<>();
            await().until(() -> {
                got.add(feed.next());
                return got.get(got.size() - 1) instanceof Next.Arrived;
            });
            feed.close();
        }
        assertThat(server.requests).hasSize(2);
    }

    @Test
    void what_traders_share_may_be_damaged_or_deleted_at_any_time() throws Exception {
        HttpBarFeed one = begun();
        clock.advance(HALF);
        Path shared = directory.resolve(HttpBarFeed.sha256(settings()));
        Path bars = shared.resolve("bars-1.csv");
        Files.writeString(bars, "x".repeat((int) Files.size(bars)));
        HttpBarFeed other = feed();
        other.beginning(4);
        clock.advance(POLL);
        assertThat(other.beginning(4)).hasSize(4);

        Files.writeString(shared.resolve("state.json"), "{ half");
        clock.advance(Walk.HOUR);
        assertThat(feed().beginning(4)).hasSize(4);
        assertIs(arrived(one).bar(), NEWEST + 1);
        assertIs(arrived(one).bar(), NEWEST + 2);
        try (var files = Files.list(shared)) {
            for (Path file : files.toList()) {
                Files.delete(file);
            }
        }
        clock.advance(Walk.HOUR);
        assertIs(arrived(one).bar(), NEWEST + 3);
    }

    @Test
    void what_was_being_written_when_a_trader_died_does_not_count() throws Exception {
        begun();
        Path bars = directory.resolve(HttpBarFeed.sha256(settings())).resolve("bars-1.csv");
        Files.writeString(bars, Files.readString(bars) + "0,17697");
        clock.advance(HALF);

        HttpBarFeed other = begun(NEWEST + 1);
        clock.advance(Walk.HOUR);
        assertIs(arrived(other).bar(), NEWEST + 2);
    }

    @Test
    void an_account_goes_on_after_a_while_with_every_bar_that_it_missed() throws Exception {
        Bar last = begunBars().get(3);
        clock.advance(HALF).advance(Walk.HOUR.multipliedBy(199));

        HttpBarFeed feed = feed();
        feed.resumeAfter(last);
        for (int i = 1; i <= 200; i++) {
            Next.Arrived next = arrived(feed);
            assertIs(next.bar(), NEWEST + i);
            assertThat(next.bar().index()).isEqualTo(3 + i);
            assertThat(next.age()).isEqualTo(Walk.HOUR.multipliedBy(200L - i).plus(SETTLED));
        }
        assertThat(feed.next()).isInstanceOf(Next.Waiting.class);
        assertThat(feed.notices()).isEmpty();
    }

    @Test
    void a_long_absence_is_made_up_for_in_pieces_and_joins_what_others_fetched_without_a_hole() throws Exception {
        Bar last = begunBars().get(3);
        clock.advance(HALF).advance(Walk.HOUR.multipliedBy(199));
        begun(NEWEST + 200);
        int asked = server.requests.size();
        Bar old = new Bar(7, walk.time(1200), walk.closes(1200), last.tech());

        HttpBarFeed feed = feed(settings(), 3 * 150);
        feed.resumeAfter(old);
        int row = 1201;
        for (int polls = 0; polls < 60 && row <= NEWEST + 200; polls++) {
            while (feed.next() instanceof Next.Arrived next) {
                assertIs(next.bar(), row);
                assertThat(next.bar().index()).isEqualTo(row - 1193);
                row++;
            }
            clock.advance(POLL);
        }
        assertThat(row).isEqualTo(NEWEST + 201);
        assertThat(server.requests.size() - asked)
                .as("only what the others had not fetched")
                .isBetween(4, 8);
        assertThat(feed.notices()).isEmpty();
    }

    @Test
    void who_was_away_longest_does_not_take_from_the_others_what_they_share() throws Exception {
        Bar last = begunBars().get(3);
        clock.advance(HALF).advance(Walk.HOUR.multipliedBy(199));
        HttpBarFeed current = begun(NEWEST + 200);
        HttpBarFeed late = feed(settings(), 3 * 150);
        late.resumeAfter(new Bar(7, walk.time(1200), walk.closes(1200), last.tech()));
        clock.advance(POLL);
        late.next();
        clock.advance(Walk.HOUR);

        int asked = server.requests.size();
        assertIs(arrived(current).bar(), NEWEST + 201);
        assertThat(server.requests.size() - asked).isEqualTo(1);
    }

    @Test
    void a_bar_that_was_revised_while_the_trader_was_down_is_noticed() throws Exception {
        Bar last = begunBars().get(3);
        Bar otherwise = new Bar(last.index(), last.time(), List.of(1.0, 2.0, 3.0), last.tech());
        clock.advance(HALF);

        HttpBarFeed feed = feed();
        feed.resumeAfter(otherwise);

        assertIs(arrived(feed).bar(), NEWEST + 1);
        assertThat(feed.notices()).singleElement().asString().contains("was revised");
    }

    @Test
    void a_market_with_holes_is_asked_for_a_longer_history() throws Exception {
        for (int row = 900; row < 1500; row++) {
            server.withhold("UNI", row);
        }
        HttpBarFeed feed = feed();
        for (int i = 0; i < 8 && feed.beginning(4).isEmpty(); i++) {
            clock.advance(POLL);
        }

        clock.advance(HALF);
        assertThat(arrived(feed).bar().prices()).isEqualTo(walk.closes(NEWEST + 1));
        assertThat(server.requests.size()).isGreaterThan(2);
    }

    @Test
    void a_market_that_is_too_young_is_told_of() throws Exception {
        for (int row = 0; row < 1500; row++) {
            server.withhold("UNI", row);
        }
        HttpBarFeed feed = feed();
        for (int i = 0; i < 8; i++) {
            assertThat(feed.beginning(4)).isEmpty();
            clock.advance(POLL);
        }

        assertThat(waiting(feed).trouble()).contains("no more than 500 bars of some asset");
    }

    @Test
    void a_key_goes_into_two_headers_and_nowhere_else() throws Exception {
        Path key = directory.resolve("key.json");
        Files.writeString(key, "{\"key_id\":\"AKID\",\"secret_key\":\"s3cr3t\"}");
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-------"));
        FeedSettings.HttpBars settings = new FeedSettings.HttpBars(
                server.url(), BarsServer.symbols(), "1Hour", Optional.of(key), POLL, Optional.empty());
        HttpBarFeed feed = feed(settings);
        assertThat(feed.beginning(4)).hasSize(4);

        assertThat(server.requests.get(0).headers())
                .containsEntry("apca-api-key-id", "AKID")
                .containsEntry("apca-api-secret-key", "s3cr3t");
        assertThat(server.requests.get(0).line()).doesNotContain("s3cr3t");

        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-r-----"));
        clock.advance(HALF);
        assertThat(waiting(feed).trouble()).contains("chmod 600 " + key).doesNotContain("s3cr3t");
        assertThatThrownBy(() -> HttpBarFeed.open(settings, List.of(), clock, directory))
                .isInstanceOf(FeedException.class)
                .hasMessageContaining("chmod 600");
    }

    @Test
    void no_redirection_is_followed() throws Exception {
        HttpBarFeed feed = begun();
        server.faults.add(Fault.status(302, "Location: " + server.url()));
        clock.advance(HALF);

        assertThat(waiting(feed).trouble()).contains("sends elsewhere");
        assertThat(server.requests).hasSize(2);
    }

    @Test
    void assets_are_in_the_order_of_the_models() {
        assertThat(HttpBarFeed.ordered(settings(), List.of("UNI", "ETH", "BTC"))
                        .symbols()
                        .values())
                .containsExactly("UNI/USD", "ETH/USD", "BTC/USD");
        assertThatThrownBy(() -> HttpBarFeed.ordered(settings(), List.of("UNI", "ETH")))
                .isInstanceOf(FeedException.class)
                .hasMessageContaining("ETH BTC UNI")
                .hasMessageContaining("UNI ETH");
    }

    private FeedSettings.HttpBars settings() {
        return new FeedSettings.HttpBars(
                server.url(), BarsServer.symbols(), "1Hour", Optional.empty(), POLL, Optional.empty());
    }

    private HttpBarFeed feed() throws Exception {
        return feed(settings());
    }

    private HttpBarFeed feed(FeedSettings.HttpBars settings) throws Exception {
        return feed(settings, 30_000);
    }

    private HttpBarFeed feed(FeedSettings.HttpBars settings, int mostBars) throws Exception {
        return new HttpBarFeed(
                settings,
                new BarsEndpoint(
                        settings.url(),
                        List.copyOf(settings.symbols().values()),
                        settings.timeframe(),
                        settings.keyFile(),
                        patience,
                        clock),
                new SharedBars(directory.resolve(HttpBarFeed.sha256(settings))),
                clock,
                Runnable::run,
                () -> 0.5,
                mostBars);
    }

    private HttpBarFeed begun() throws Exception {
        return begun(NEWEST);
    }

    private HttpBarFeed begun(int newest) throws Exception {
        HttpBarFeed feed = feed();
        List<Bar> beginning = feed.beginning(4);
        assertThat(beginning).hasSize(4);
        assertIs(beginning.get(3), newest);
        return feed;
    }

    private List<Bar> begunBars() throws Exception {
        return feed().beginning(4);
    }

    private void assertIs(Bar bar, int row) {
        assertThat(bar.time()).isEqualTo(walk.time(row));
        assertThat(bar.prices()).isEqualTo(walk.closes(row));
        assertThat(bar.tech()).hasSize(42).allMatch(Double::isFinite);
    }

    private static Next.Arrived arrived(HttpBarFeed feed) {
        Next next = feed.next();
        assertThat(next).isInstanceOf(Next.Arrived.class);
        return (Next.Arrived) next;
    }

    private static Next.Waiting waiting(HttpBarFeed feed) {
        Next next = feed.next();
        assertThat(next).isInstanceOf(Next.Waiting.class);
        return (Next.Waiting) next;
    }
}
