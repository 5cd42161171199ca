package io.pipelinev2.runner.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.pipelinev2.deploy.papertrading.feed.FeedSettings;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FeedConfigTest {

    private static final String URL = "\"url\": \"https://data.alpaca.markets/v1beta3/crypto/us/bars\"";
    private static final String SYMBOLS = "\"symbols\": { \"UNI\": \"UNI/USD\", \"BTC\": \"BTC/USD\" }";

    @TempDir
    private Path directory;

    @Test
    void files_that_grow_are_followed_relative_to_the_home() {
        assertThat(feed("\"type\": \"follow\", \"directory\": \"live\", \"interval\": \"5m\""))
                .isEqualTo(new FeedSettings.Follow(
                        Optional.of(directory.resolve("live")), Optional.of(Duration.ofMinutes(5))));
        assertThat(feed("\"type\": \"follow\", \"interval\": null"))
                .isEqualTo(new FeedSettings.Follow(Optional.empty(), Optional.empty()));
    }

    @Test
    void an_endpoint_is_polled_with_its_symbols_in_the_order_of_the_file() {
        FeedSettings.HttpBars feed = (FeedSettings.HttpBars) feed("\"type\": \"http-bars\", " + URL + ", " + SYMBOLS
                + ", \"timeframe\": \"1Hour\", \"key_file\": \"keys/alpaca\", \"poll\": \"1m\", \"patience\": \"3h\"");

        assertThat(feed.url()).isEqualTo(URI.create("https://data.alpaca.markets/v1beta3/crypto/us/bars"));
        assertThat(feed.symbols().keySet()).containsExactly("UNI", "BTC");
        assertThat(feed.interval()).isEqualTo(Duration.ofHours(1));
        assertThat(feed.keyFile()).contains(directory.resolve("keys/alpaca"));
        assertThat(feed.poll()).isEqualTo(Duration.ofMinutes(1));
        assertThat(feed.patience()).contains(Duration.ofHours(3));
    }

    @Test
    void what_may_be_left_out_has_defaults() {
        FeedSettings.HttpBars feed = (FeedSettings.HttpBars)
                feed("\"type\": \"http-bars\", " + URL + ", " + SYMBOLS + ", \"timeframe\": \"15Min\"");

        assertThat(feed.keyFile()).isEmpty();
        assertThat(feed.poll()).isEqualTo(Duration.ofSeconds(30));
        assertThat(feed.patience()).isEmpty();
    }

    @Test
    void all_that_is_missing_is_told_at_once() {
        assertThat(faults("\"type\": \"http-bars\""))
                .hasSize(3)
                .anySatisfy(fault -> assertThat(fault).contains("stages.deploy.feed.url is missing"))
                .anySatisfy(fault -> assertThat(fault).contains("stages.deploy.feed.symbols is missing"))
                .anySatisfy(fault -> assertThat(fault).contains("stages.deploy.feed.timeframe is missing"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "'\"type\": \"live\"'; feed.type was",
                "'\"type\": \"replay\", \"interval\": \"1h\"'; feed.interval is not known to a feed of type replay",
                "'\"type\": \"follow\", \"interval\": 0'; feed.interval was 0",
                "'\"type\": \"follow\", \"directory\": \"~/x\"'; feed.directory was"
            })
    void a_fault_names_its_place(String feed, String fault) {
        assertThat(faults(feed)).singleElement().asString().contains(fault);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "https://api.alpaca.markets/v2/orders; 1Hour; BTC/USD; feed.url; takes orders",
                "http://data.alpaca.markets/bars; 1Hour; BTC/USD; feed.url; begin with https",
                "not an address; 1Hour; BTC/USD; feed.url; right",
                "https://data.alpaca.markets/bars; 1h; BTC/USD; feed.timeframe; 1Hour",
                "https://data.alpaca.markets/bars; 1Hour; BTC&x=1; feed.symbols; 32 letters"
            })
    void an_endpoint_that_is_not_right_is_refused_at_its_place(
            String url, String timeframe, String symbol, String place, String words) {
        assertThat(faults("\"type\": \"http-bars\", \"url\": \"" + url + "\", \"timeframe\": \"" + timeframe
                        + "\", \"symbols\": { \"BTC\": \"" + symbol + "\" }"))
                .singleElement()
                .asString()
                .contains(place)
                .contains(words);
    }

    private FeedSettings feed(String members) {
        return new Home(directory)
                .loadWith("\"stages\": { \"deploy\": { \"feed\": { " + members + " } } }")
                .deploy()
                .feed()
                .settings();
    }

    private List<String> faults(String members) {
        return new Home(directory).faultsWith("\"stages\": { \"deploy\": { \"feed\": { " + members + " } } }");
    }
}
