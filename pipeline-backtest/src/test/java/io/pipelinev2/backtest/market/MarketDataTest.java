package io.pipelinev2.backtest.market;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pipelinev2.backtest.Fixtures;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MarketDataTest {

    @TempDir
    Path directory;

    @Test
    void a_directory_with_validation_data_is_read_without_a_warning() throws IOException {
        MarketData market = MarketData.load(Fixtures.MARKET);

        assertThat(market.rows()).isEqualTo(1680);
        assertThat(market.assets()).isEqualTo(7);
        assertThat(market.features()).isEqualTo(98);
        assertThat(market.trainingFallback()).isFalse();
        assertThat(market.warnings()).isEmpty();
        assertThat(market.sha256()).matches("[0-9a-f]{64}");
    }

    @Test
    void without_val_the_directory_itself_is_read_with_a_warning() throws IOException {
        MarketData market = MarketData.load(Fixtures.MARKET.resolve("val"));

        assertThat(market.trainingFallback()).isTrue();
        assertThat(market.warnings()).singleElement().asString().contains("trained on");
        assertThat(market.sha256()).isEqualTo(Fixtures.market().sha256());
    }

    @Test
    void a_val_directory_that_is_not_complete_is_missing_data_and_never_a_reason_to_use_training_data()
            throws IOException {
        write(directory, new double[][] {{1}, {2}}, new double[][] {{1}, {2}});
        Files.createDirectory(directory.resolve("val"));

        assertThatThrownBy(() -> MarketData.load(directory))
                .isInstanceOf(NoSuchFileException.class)
                .hasMessageContaining("val")
                .hasMessageContaining("Copy them there");
    }

    @Test
    void float32_prices_are_widened_with_a_warning() throws IOException {
        Files.write(
                directory.resolve("price_array.npy"),
                NpyFiles.npy(1, NpyFiles.header("<f4", false, "2, 1"), NpyFiles.floats(1, 2)));
        Files.write(directory.resolve("tech_array.npy"), NpyFiles.npy(new double[][] {{1}, {2}}));

        MarketData market = MarketData.load(directory);

        assertThat(market.price(1, 0)).isEqualTo(2);
        assertThat(market.warnings()).anySatisfy(warning -> assertThat(warning).contains("float32"));
    }

    @Test
    void the_hash_is_of_numbers_and_shape() {
        MarketData one = MarketData.of(new double[][] {{1, 2}, {3, 4}}, new double[][] {{5, 6}, {7, 8}});
        MarketData same = MarketData.of(new double[][] {{1, 2}, {3, 4}}, new double[][] {{5, 6}, {7, 8}});
        MarketData other = MarketData.of(new double[][] {{1, 2}, {3, 4}}, new double[][] {{5, 6}, {7, 9}});
        MarketData shaped = MarketData.of(new double[][] {{1}, {2}}, new double[][] {{3, 4}, {5, 6}});
        MarketData reshaped = MarketData.of(new double[][] {{1}, {2}}, new double[][] {{3, 4}, {5, 6}});

        assertThat(one.sha256()).isEqualTo(same.sha256()).isNotEqualTo(other.sha256());
        assertThat(shaped.sha256()).isEqualTo(reshaped.sha256()).isNotEqualTo(one.sha256());
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, -1, Double.NaN, Double.POSITIVE_INFINITY})
    void an_impossible_price_is_named_with_row_and_column(double price) {
        assertThatThrownBy(() -> MarketData.of(new double[][] {{1, 1}, {1, price}}, new double[2][2]))
                .isInstanceOf(MalformedMarketDataException.class)
                .hasMessageContaining("row 1, column 1")
                .hasMessageContaining(Double.toString(price));
    }

    @Test
    void an_undefined_feature_is_named_with_row_and_column() {
        assertThatThrownBy(() -> MarketData.of(new double[][] {{1}, {1}}, new double[][] {{0, 0}, {0, Double.NaN}}))
                .isInstanceOf(MalformedMarketDataException.class)
                .hasMessageContaining("row 1, column 1");
    }

    @Test
    void prices_and_features_must_have_the_same_bars_and_whole_features_per_asset() {
        assertThatThrownBy(() -> MarketData.of(new double[][] {{1}, {1}}, new double[][] {{1}}))
                .hasMessageContaining("2 rows")
                .hasMessageContaining("has 1");
        assertThatThrownBy(() -> MarketData.of(new double[][] {{1, 1}}, new double[][] {{1, 2, 3}}))
                .hasMessageContaining("not a multiple of the 2 assets");
        assertThatThrownBy(() -> MarketData.of(new double[0][0], new double[0][0]))
                .hasMessageContaining("0 bars");
        assertThatThrownBy(() -> MarketData.of(new double[][] {{1}, {1, 2}}, new double[2][1]))
                .hasMessageContaining("equally long");
    }

    @Test
    void names_and_times_beside_the_arrays_are_labels_and_change_no_hash() throws IOException {
        write(directory, new double[][] {{1, 2}, {3, 4}}, new double[][] {{1, 2}, {3, 4}});
        MarketData plain = MarketData.load(directory);
        assertThat(plain.assetNames()).isEmpty();
        assertThat(plain.time(0)).isEmpty();
        assertThat(plain.lastTime()).isEmpty();
        Files.writeString(directory.resolve("assets.txt"), "BTC\r\n\n ETH \n");
        Files.write(directory.resolve("time_array.npy"), NpyFiles.npy(new double[][] {{1704067200}, {1704070800}}));

        MarketData labelled = MarketData.load(directory);

        assertThat(labelled.assetNames()).containsExactly("BTC", "ETH");
        assertThat(labelled.firstTime()).hasValue(1704067200000L);
        assertThat(labelled.lastTime()).hasValue(1704070800000L);
        assertThat(labelled.sha256()).isEqualTo(plain.sha256());
    }

    @Test
    void times_may_be_whole_numbers() throws IOException {
        write(directory, new double[][] {{1}, {2}}, new double[][] {{1}, {2}});
        ByteBuffer seconds = ByteBuffer.allocate(16)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(1704067200)
                .putLong(1704070800);
        byte[] file = NpyFiles.npy(1, NpyFiles.header("<i8", false, "2,"), seconds.array());
        Files.write(directory.resolve("time_array.npy"), file);

        assertThat(MarketData.load(directory).lastTime()).hasValue(1704070800000L);

        seconds.putLong(0, Long.MAX_VALUE);
        Files.write(
                directory.resolve("time_array.npy"),
                NpyFiles.npy(1, NpyFiles.header("<i8", false, "2,"), seconds.array()));
        assertThatThrownBy(() -> MarketData.load(directory))
                .isInstanceOf(MalformedMarketDataException.class)
                .hasMessageContaining("cannot hold exactly");
    }

    @Test
    void labels_that_do_not_fit_are_refused() throws IOException {
        write(directory, new double[][] {{1}, {2}}, new double[][] {{1}, {2}});
        Path times = directory.resolve("time_array.npy");
        Path names = directory.resolve("assets.txt");

        Files.write(times, NpyFiles.npy(new double[][] {{1}}));
        assertRefused("has 2 bars");
        Files.write(times, NpyFiles.npy(new double[][] {{2}, {2}}));
        assertRefused("not after the one before");
        Files.write(times, NpyFiles.npy(new double[][] {{1704067200000.0}, {1704070800000.0}}));
        assertRefused("Unix seconds");
        Files.write(times, NpyFiles.npy(new double[][] {{1}, {Double.NaN}}));
        assertRefused("NaN");
        Files.delete(times);
        Files.writeString(names, "BTC\nETH\n");
        assertRefused("names 2 assets");
        Files.writeString(names, "BTC\nBTC\n");
        assertRefused("each once");
        Files.writeString(names, "\u0007");
        assertRefused("printable");
        Files.writeString(names, "x".repeat(100_000));
        assertRefused("larger than");
        Files.writeString(names, "BTC");
        MarketDataSettings settings = MarketDataSettings.of(directory);
        assertThatThrownBy(() -> MarketData.load(settings.withAssets(List.of("ETH"))))
                .isInstanceOf(MalformedMarketDataException.class)
                .hasMessageContaining("one order of assets");
        assertThatThrownBy(() -> MarketData.load(settings.withAssets(List.of("ETH", "BTC"))))
                .isInstanceOf(MalformedMarketDataException.class)
                .hasMessageContaining("names 2 assets");
        Files.delete(names);
        assertThat(MarketData.load(settings.withAssets(List.of("ETH"))).assetNames())
                .containsExactly("ETH");
    }

    @Test
    void the_last_bars_can_be_sealed_off() {
        MarketData whole = Fixtures.market();
        long[] times = new long[1680];
        Arrays.setAll(times, i -> i * 3_600_000L);
        List<String> names = List.of("AAVE", "AVAX", "BTC", "LINK", "ETH", "LTC", "UNI");
        MarketData labelled = whole.labelled(names, times);

        MarketData head = labelled.head(1000);
        MarketData rest = labelled.from(1000);

        assertThat(head.rows()).isEqualTo(1000);
        assertThat(rest.rows()).isEqualTo(680);
        assertThat(rest.assetNames()).isEqualTo(names);
        assertThat(rest.firstTime()).hasValue(1000 * 3_600_000L);
        assertThat(rest.lastTime()).isEqualTo(labelled.lastTime());
        for (int asset = 0; asset < 7; asset++) {
            assertThat(rest.price(5, asset)).isEqualTo(whole.price(1005, asset));
            assertThat(head.price(5, asset)).isEqualTo(whole.price(5, asset));
        }
        assertThat(rest.tech(679, 97)).isEqualTo(whole.tech(1679, 97));
        assertThat(head.sha256()).isNotEqualTo(whole.sha256()).isNotEqualTo(rest.sha256());
        assertThat(rest.from(10).head(100).sha256())
                .isEqualTo(whole.head(1110).from(1010).sha256());
        assertThat(labelled.head(1680)).isSameAs(labelled);
        assertThatThrownBy(() -> whole.from(1680)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> whole.head(0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> whole.head(1681)).isInstanceOf(IllegalArgumentException.class);
    }

    private void assertRefused(String part) {
        assertThatThrownBy(() -> MarketData.load(directory))
                .isInstanceOf(MalformedMarketDataException.class)
                .hasMessageContaining(part);
    }

    private static void write(Path directory, double[][] prices, double[][] tech) throws IOException {
        Files.write(directory.resolve("price_array.npy"), NpyFiles.npy(prices));
        Files.write(directory.resolve("tech_array.npy"), NpyFiles.npy(tech));
    }
}
