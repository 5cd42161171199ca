package io.pipelinev2.backtest.market;

import static io.pipelinev2.backtest.market.NpyFiles.doubles;
import static io.pipelinev2.backtest.market.NpyFiles.floats;
import static io.pipelinev2.backtest.market.NpyFiles.header;
import static io.pipelinev2.backtest.market.NpyFiles.npy;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pipelinev2.backtest.Fixtures;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NpyArrayTest {

    private static final double[][] TWO_BY_THREE = {{1, 2, 3}, {4, 5, 6}};

    @TempDir
    Path directory;

    @Test
    void a_file_of_numpy_is_read() throws IOException {
        NpyArray prices = NpyArray.read(Fixtures.MARKET.resolve("val/price_array.npy"));

        assertThat(prices.rows()).isEqualTo(1680);
        assertThat(prices.columns()).isEqualTo(7);
        assertThat(prices.widened()).isFalse();
        assertThat(prices.get(0, 0)).isPositive();
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3})
    void every_format_version_is_read(int version) throws IOException {
        NpyArray array = read(npy(version, header("<f8", false, "2, 3"), doubles(TWO_BY_THREE)));

        assertThat(array.toArray()).containsExactly(1, 2, 3, 4, 5, 6);
        assertThat(array.get(1, 0)).isEqualTo(4);
    }

    @Test
    void fortran_order_is_turned_to_rows() throws IOException {
        NpyArray array = read(npy(1, header("<f8", true, "2, 3"), doubles(new double[] {1, 4, 2, 5, 3, 6})));

        assertThat(array.toArray()).containsExactly(1, 2, 3, 4, 5, 6);
    }

    @Test
    void float32_is_widened_and_says_so() throws IOException {
        NpyArray array = read(npy(1, header("<f4", false, "3,"), floats(0.1f, 2, 3)));

        assertThat(array.widened()).isTrue();
        assertThat(array.dimensions()).isEqualTo(1);
        assertThat(array.columns()).isEqualTo(1);
        assertThat(array.toArray()).containsExactly(0.1f, 2, 3);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    >f8   | big-endian
                    O     | never loaded
                    <i8   | another type
                    <f2   | another type
                    """)
    void other_types_are_refused_in_words(String descr, String words) {
        assertRefused(npy(1, header(descr, false, "1, 1"), new byte[8]), words);
    }

    @Test
    void a_descr_with_a_bar_is_refused_in_words() {
        assertRefused(npy(1, header("|O", false, "1, 1"), new byte[8]), "never loaded");
        assertRefused(
                npy(1, "{'descr': [('a', '<f8')], 'fortran_order': False, 'shape': (1,), }", new byte[8]), "record");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "999999999999999999, 999999999999999999",
                "4294967296, 4294967296",
                "1000000, 1000000",
                "2, 2",
                "2, 4"
            })
    void the_length_must_be_exactly_what_the_shape_needs(String shape) {
        assertRefused(npy(1, header("<f8", false, shape), doubles(TWO_BY_THREE)), "again from where it was made");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "1, 2, 3"})
    void other_numbers_of_dimensions_are_refused(String shape) {
        assertRefused(npy(1, header("<f8", false, shape), new byte[48]), "dimensions");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'descr': '<f8', 'fortran_order': False}",
                "{'descr': '<f8', 'descr': '<f8', 'fortran_order': False, 'shape': (1,)}",
                "{'descr': '<f8', 'fortran_order': Perhaps, 'shape': (1,)}",
                "{'descr': '<f8', 'fortran_order': False, 'shape': (-1,)}",
                "{'descr': '<f8', 'fortran_order': False, 'shape': (1,), 'more': 'x'}",
                "{'descr': '<f8', 'fortran_order': False, 'shape': (1,)} or more",
                "{'descr': '<f8, 'fortran_order': False, 'shape': (1,)}",
                "[]",
                ""
            })
    void a_damaged_header_is_refused(String header) {
        assertRefused(npy(1, header, new byte[8]), "header");
    }

    @Test
    void a_header_that_claims_too_much_is_refused() {
        byte[] file = npy(2, header("<f8", false, "2, 3"), doubles(TWO_BY_THREE));
        Arrays.fill(file, 8, 12, (byte) 0xff);
        assertRefused(file, "claims a header");
        byte[] version9 = npy(1, header("<f8", false, "2, 3"), doubles(TWO_BY_THREE));
        version9[6] = 9;
        assertRefused(version9, "version 9.0");
    }

    @Test
    void a_pickle_is_not_an_npy_file() {
        assertRefused(new byte[] {(byte) 0x80, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}, "not an .npy file");
        assertRefused(new byte[0], "0 bytes");
    }

    @Test
    void a_missing_file_is_an_io_error() {
        assertThatThrownBy(() -> NpyArray.read(directory.resolve("none.npy"))).isInstanceOf(NoSuchFileException.class);
    }

    private NpyArray read(byte[] content) throws IOException {
        return NpyArray.read(Files.write(directory.resolve("array.npy"), content));
    }

    private void assertRefused(byte[] content, String words) {
        assertThatThrownBy(() -> read(content))
                .isInstanceOf(MalformedMarketDataException.class)
                .hasMessageContaining("array.npy")
                .hasMessageContaining(words);
    }
}
