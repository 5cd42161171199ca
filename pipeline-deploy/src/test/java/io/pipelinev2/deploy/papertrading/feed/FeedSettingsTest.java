package io.pipelinev2.deploy.papertrading.feed;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

class FeedSettingsTest {

    private static final URI ALPACA = URI.create("https://data.alpaca.markets/v1beta3/crypto/us/bars");

    @Test
    void settings_survive_a_json_file_with_the_order_of_their_assets() {
        Map<String, String> symbols = new LinkedHashMap<>();
        for (String asset : new String[] {"UNI", "AAVE", "BTC", "ETH"}) {
            symbols.put(asset, asset + "/USD");
        }
        for (FeedSettings settings : new FeedSettings[] {
            new FeedSettings.Replay(),
            new FeedSettings.Follow(Optional.empty(), Optional.empty()),
            new FeedSettings.Follow(Optional.of(Path.of("/home/data")), Optional.of(Duration.ofMinutes(5))),
            new FeedSettings.HttpBars(
                    ALPACA,
                    symbols,
                    "15Min",
                    Optional.of(Path.of("/home/key")),
                    Duration.ofSeconds(20),
                    Optional.of(Duration.ofHours(1)))
        }) {
            Map<?, ?> read = JsonMapper.shared()
                    .readValue(JsonMapper.shared().writeValueAsString(settings.toMap()), LinkedHashMap.class);
            Map<String, Object> values = new LinkedHashMap<>();
            read.forEach((key, value) -> values.put(String.valueOf(key), value));
            FeedSettings again = FeedSettings.of(values);

            assertThat(again).isEqualTo(settings);
            assertThat(again.toString()).isEqualTo(settings.toString());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://data.alpaca.markets/v1beta3/crypto/us/bars",
                "https://DATA.sandbox.alpaca.markets/v1beta3/crypto/us/bars",
                "https://bars.example.com:8443/crypto",
                "http://127.0.0.1:8080/bars",
                "http://localhost/bars",
                "http://[::1]:8080/bars"
            })
    void bars_may_be_asked_for_where_bars_are(String url) {
        assertThatCode(() -> http(url, "BTC/USD")).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://api.alpaca.markets/v2/orders",
                "https://api.alpaca.markets/v1beta3/crypto/us/bars",
                "https://paper-api.alpaca.markets/bars",
                "https://PAPER-API.alpaca.markets./bars",
                "https://broker-api.alpaca.markets/bars",
                "https://alpaca.markets/bars",
                "https://example.com/v1/Orders/bars",
                "https://example.com/account/bars"
            })
    void an_address_that_may_take_orders_is_refused(String url) {
        assertThatThrownBy(() -> http(url, "BTC/USD"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("takes orders");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "http://data.alpaca.markets/bars",
                "http://127.0.0.1.example.com/bars",
                "ftp://example.com/bars",
                "file:///etc/passwd",
                "example.com/bars",
                "https:///bars",
                "https://example.com/bars?limit=1",
                "https://example.com/bars#x"
            })
    void an_address_that_is_not_safe_is_refused(String url) {
        assertThatThrownBy(() -> http(url, "BTC/USD"))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("url must");
    }

    @Test
    void a_password_in_an_address_is_refused_and_not_shown() {
        assertThatThrownBy(() -> http("https://me:s3cr3t@example.com/bars", "BTC/USD"))
                .hasMessageContaining("key_file")
                .hasMessageNotContaining("s3cr3t");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "BTC/USD&limit=1",
                "BTC,ETH",
                "a b",
                "\u0000",
                "BTC\r\nX: y",
                "../x?",
                "BTC/USDBTC/USDBTC/USDBTC/USDBTC/USD"
            })
    void a_symbol_that_is_none_is_refused(String symbol) {
        assertThatThrownBy(() -> http(ALPACA.toString(), symbol))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("symbols must");
    }

    @ParameterizedTest
    @CsvSource({"1Min, PT1M", "15T, PT15M", "1Hour, PT1H", "4H, PT4H", "1Day, PT24H", "5Sec, PT5S"})
    void timeframes_are_those_of_endpoints(String timeframe, Duration interval) {
        assertThat(Timeframe.of(timeframe)).isEqualTo(interval);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "1h", "0Min", "1Week", "1Month", "Hour", "-1Hour", "1Hour&x"})
    void a_timeframe_that_is_none_is_refused(String timeframe) {
        assertThatThrownBy(() -> Timeframe.of(timeframe)).hasMessageContaining("timeframe must be");
    }

    private static FeedSettings.HttpBars http(String url, String symbol) {
        return new FeedSettings.HttpBars(
                URI.create(url),
                Map.of("BTC", symbol),
                "1Hour",
                Optional.empty(),
                Duration.ofSeconds(30),
                Optional.empty());
    }
}
