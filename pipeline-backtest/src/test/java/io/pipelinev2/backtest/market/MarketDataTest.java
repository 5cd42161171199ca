package io.pipelinev2.backtest.market;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pipelinev2.backtest.Fixtures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
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

    private static void write(Path directory, double[][] prices, double[][] tech) throws IOException {
        Files.write(directory.resolve("price_array.npy"), NpyFiles.npy(prices));
        Files.write(directory.resolve("tech_array.npy"), NpyFiles.npy(tech));
    }
}
