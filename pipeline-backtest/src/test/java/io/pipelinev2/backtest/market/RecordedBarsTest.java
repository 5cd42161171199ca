package io.pipelinev2.backtest.market;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RecordedBarsTest {

    @TempDir
    private Path directory;

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void arrays_are_read_row_by_row_in_any_order_and_are_what_a_backtest_loads(boolean fortran) throws Exception {
        write(array(200, 3, fortran), array(200, 6, fortran), fortran);
        MarketData market = MarketData.load(directory);

        try (RecordedBars bars = RecordedBars.open(MarketDataSettings.of(directory))) {
            assertThat(bars.rows()).isEqualTo(200);
            assertThat(bars.assets()).isEqualTo(3);
            assertThat(bars.features()).isEqualTo(6);
            for (int row : new int[] {0, 1, 63, 64, 65, 199, 2, 130, 128, 127}) {
                assertSame(bars, market, row);
            }
            assertThatThrownBy(() -> bars.prices(200)).isInstanceOf(IndexOutOfBoundsException.class);
        }
    }

    @Test
    void csv_files_are_what_a_backtest_loads() throws Exception {
        Files.writeString(directory.resolve("BTC.csv"), Csv.walk(80));
        MarketData market = MarketData.load(directory);

        try (RecordedBars bars = RecordedBars.open(MarketDataSettings.of(directory))) {
            assertThat(bars.assetNames()).containsExactly("BTC");
            assertThat(bars.rows()).isEqualTo(47);
            for (int row = 0; row < bars.rows(); row++) {
                assertSame(bars, market, row);
            }
        }
    }

    @Test
    void a_price_that_is_none_is_refused_when_it_is_read() throws Exception {
        double[][] prices = array(70, 2, false);
        prices[66][1] = 0;
        write(prices, array(70, 2, false), false);

        try (RecordedBars bars = RecordedBars.open(MarketDataSettings.of(directory))) {
            assertThat(bars.prices(65)).hasSize(2);
            assertThatThrownBy(() -> bars.prices(66))
                    .isInstanceOf(MalformedMarketDataException.class)
                    .hasMessageContaining("price 0.0 at row 66, column 1");
        }
    }

    @Test
    void arrays_of_different_lengths_are_refused_before_anything_is_read() throws Exception {
        write(array(70, 2, false), array(69, 2, false), false);

        assertThatThrownBy(() -> RecordedBars.open(MarketDataSettings.of(directory)))
                .isInstanceOf(MalformedMarketDataException.class)
                .hasMessageContaining("70 rows")
                .hasMessageContaining("has 69");
    }

    private static void assertSame(RecordedBars bars, MarketData market, int row) throws Exception {
        double[] prices = bars.prices(row);
        double[] tech = bars.tech(row);
        for (int i = 0; i < prices.length; i++) {
            assertThat(prices[i]).isEqualTo(market.price(row, i));
        }
        for (int i = 0; i < tech.length; i++) {
            assertThat(tech[i]).isEqualTo(market.tech(row, i));
        }
        assertThat(bars.time(row)).isEqualTo(market.time(row));
    }

    private void write(double[][] prices, double[][] tech, boolean fortran) throws Exception {
        Files.write(directory.resolve("price_array.npy"), npy(prices, fortran));
        Files.write(directory.resolve("tech_array.npy"), npy(tech, fortran));
    }

    private static byte[] npy(double[][] rows, boolean fortran) {
        double[][] stored = rows;
        if (fortran) {
            stored = new double[rows[0].length][rows.length];
            for (int i = 0; i < rows.length; i++) {
                for (int k = 0; k < rows[0].length; k++) {
                    stored[k][i] = rows[i][k];
                }
            }
        }
        return NpyFiles.npy(
                1, NpyFiles.header("<f8", fortran, rows.length + ", " + rows[0].length), NpyFiles.doubles(stored));
    }

    private static double[][] array(int rows, int columns, boolean fortran) {
        Random random = new Random(fortran ? 2 : 1);
        double[][] array = new double[rows][columns];
        for (double[] row : array) {
            for (int k = 0; k < columns; k++) {
                row[k] = 1 + random.nextDouble();
            }
        }
        return array;
    }
}
