package io.pipelinev2.backtest.market;

import static org.assertj.core.api.Assertions.assertThat;

import io.pipelinev2.backtest.Fixtures;
import io.pipelinev2.backtest.market.TrainingOverlap.Status;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrainingOverlapTest {

    private static final MarketData MARKET = Fixtures.market();

    @TempDir
    Path directory;

    private MarketDataSettings settings;

    @BeforeEach
    void makeVal() throws IOException {
        Files.createDirectory(directory.resolve("val"));
        settings = MarketDataSettings.of(directory);
    }

    @Test
    void nothing_known_is_said_with_what_to_do() {
        TrainingOverlap overlap = TrainingOverlap.of(MARKET, settings);

        assertThat(overlap.status()).isEqualTo(Status.UNKNOWN);
        assertThat(overlap.warnings())
                .singleElement()
                .asString()
                .contains("not known", "data.trained_until", "time_array.npy");
        assertThat(TrainingOverlap.of(timed(), settings).sentence())
                .contains("data.trained_until")
                .doesNotContain("time_array");
        assertThat(TrainingOverlap.of(MARKET, settings.withTrainedUntil(Instant.EPOCH))
                        .sentence())
                .contains("data.trained_until is set", "time_array.npy");
    }

    @Test
    void times_tell_how_many_bars_were_trained_on() {
        MarketData timed = timed();
        Instant first = Instant.ofEpochMilli(Csv.START);

        TrainingOverlap before = TrainingOverlap.of(timed, settings.withTrainedUntil(first.minusMillis(1)));
        TrainingOverlap within = TrainingOverlap.of(timed, settings.withTrainedUntil(first.plusSeconds(3600)));

        assertThat(before.status()).isEqualTo(Status.NONE);
        assertThat(before.warnings()).isEmpty();
        assertThat(within.status()).isEqualTo(Status.OVERLAPS);
        assertThat(within.sentence()).contains("first 2 of 1680 bars", "2024-01-01T01:00:00Z", "flatter");
    }

    @Test
    void bars_are_found_in_the_training_array() throws IOException {
        byte[] all = Files.readAllBytes(Fixtures.MARKET.resolve("val/price_array.npy"));
        Files.write(directory.resolve("price_array.npy"), all);

        TrainingOverlap overlap = TrainingOverlap.of(MARKET, settings);

        assertThat(overlap.status()).isEqualTo(Status.OVERLAPS);
        assertThat(overlap.sentence()).contains("32 of 32 bars", "price_array.npy", "first bar 0");
    }

    @Test
    void a_part_is_found_as_float32_and_in_fortran_order_too() throws IOException {
        ByteBuffer narrow = ByteBuffer.allocate(840 * 7 * 4).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < 840 * 7; i++) {
            narrow.putFloat((float) MARKET.price(840 + i / 7, i % 7));
        }
        training(NpyFiles.npy(1, NpyFiles.header("<f4", false, "840, 7"), narrow.array()));
        assertThat(TrainingOverlap.of(MARKET, settings).sentence()).contains("16 of 32 bars", "first bar 8");

        ByteBuffer columns = ByteBuffer.allocate(1680 * 7 * 8).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < 1680 * 7; i++) {
            columns.putDouble(MARKET.price(i % 1680, i / 1680));
        }
        training(NpyFiles.npy(1, NpyFiles.header("<f8", true, "1680, 7"), columns.array()));
        assertThat(TrainingOverlap.of(MARKET, settings).sentence()).contains("32 of 32 bars");
    }

    @Test
    void other_bars_are_no_overlap_but_other_kinds_of_arrays_are_unknown() throws IOException {
        training(NpyFiles.npy(other(7)));
        TrainingOverlap none = TrainingOverlap.of(MARKET, settings);
        assertThat(none.status()).isEqualTo(Status.NONE);
        assertThat(none.sentence()).contains("None of 32 bars");

        training(NpyFiles.npy(other(6)));
        assertThat(TrainingOverlap.of(MARKET, settings).status()).isEqualTo(Status.UNKNOWN);
        training(new byte[3]);
        assertThat(TrainingOverlap.of(MARKET, settings).status()).isEqualTo(Status.UNKNOWN);
        training(new byte[0]);
        assertThat(TrainingOverlap.of(MARKET, settings).status()).isEqualTo(Status.UNKNOWN);
    }

    @Test
    void a_pickle_is_searched_and_never_loaded() throws IOException {
        byte[] rows = new byte[1680 * 7 * 8];
        byte[] npy = Files.readAllBytes(Fixtures.MARKET.resolve("val/price_array.npy"));
        System.arraycopy(npy, npy.length - rows.length, rows, 0, rows.length);
        Path pickle = directory.resolve("price_array");

        Files.write(pickle, pickle(3, rows));
        assertThat(TrainingOverlap.of(MARKET, settings).sentence()).contains("32 of 32 bars", pickle.toString());

        Files.write(pickle, pickle(3, NpyFiles.doubles(other(7))));
        assertThat(TrainingOverlap.of(MARKET, settings).status()).isEqualTo(Status.NONE);

        // Protocol 2 writes bytes as text, in which numbers cannot be found.
        Files.write(pickle, pickle(2, NpyFiles.doubles(other(7))));
        TrainingOverlap unknown = TrainingOverlap.of(MARKET, settings);
        assertThat(unknown.status()).isEqualTo(Status.UNKNOWN);
        assertThat(unknown.sentence()).contains("without running it", "data.trained_until");
    }

    @Test
    void bars_across_the_pieces_of_a_large_file_are_found_at_any_offset() throws IOException {
        byte[] npy = Files.readAllBytes(Fixtures.MARKET.resolve("val/price_array.npy"));
        for (int offset : new int[] {65_401, 65_536 - 128 - 50, 131_072 - 128 - 1, 200_003}) {
            byte[] shifted = new byte[offset + npy.length];
            System.arraycopy(npy, 0, shifted, offset, npy.length);
            Files.write(directory.resolve("price_array"), shifted);

            assertThat(TrainingOverlap.of(MARKET, settings).sentence()).contains("32 of 32 bars");
        }
    }

    @Test
    void bars_that_were_found_count_for_more_than_what_was_configured() throws IOException {
        training(Files.readAllBytes(Fixtures.MARKET.resolve("val/price_array.npy")));
        MarketDataSettings earlier = settings.withTrainedUntil(Instant.EPOCH);

        assertThat(TrainingOverlap.of(timed(), earlier).status()).isEqualTo(Status.OVERLAPS);
        training(NpyFiles.npy(other(6)));
        assertThat(TrainingOverlap.of(timed(), earlier).status()).isEqualTo(Status.NONE);
    }

    @Test
    void prices_that_stand_still_prove_nothing() throws IOException {
        double[][] still = new double[100][1];
        Arrays.fill(still, new double[] {1});
        training(NpyFiles.npy(still));

        MarketData market = MarketData.of(still, new double[100][1]);

        assertThat(TrainingOverlap.of(market, settings).status()).isEqualTo(Status.UNKNOWN);
    }

    @Test
    void the_version_follows_the_training_file() throws IOException {
        MarketDataFiles.Version without = TrainingOverlap.trainingVersion(settings);
        training(new byte[3]);

        assertThat(TrainingOverlap.trainingVersion(settings)).isNotEqualTo(without);
        assertThat(TrainingOverlap.trainingArray(MarketDataSettings.of(directory.resolve("val"))))
                .isEmpty();
    }

    private void training(byte[] bytes) throws IOException {
        Files.write(directory.resolve("price_array.npy"), bytes);
    }

    private static MarketData timed() {
        long[] times = new long[MARKET.rows()];
        Arrays.setAll(times, i -> Csv.START + i * Csv.HOUR);
        return MARKET.labelled(List.of(), times);
    }

    private static double[][] other(int columns) {
        double[][] rows = new double[2000][columns];
        for (double[] row : rows) {
            Arrays.setAll(row, i -> Math.PI * (i + 1) + row.length);
        }
        return rows;
    }

    /** As NumPy 2 writes it: the description, then the bytes. */
    private static byte[] pickle(int protocol, byte[] values) {
        byte[] head = ("\u0080" + (char) protocol
                        + "cnumpy._core.multiarray\n_reconstruct\nq\0cnumpy\nndarray\nq\1K\0\u0085q\2C\1bq\3\u0087q\4Rq\5(K\1M\u0090\6"
                        + "K\7\u0086q\6cnumpy\ndtype\nq\7X\2\0\0\0f8q\b\u0089\u0088\u0087q\tRq\n(K\3X\1\0\0\0<NNNJ\u00ff\u00ff\u00ff\u00ffJ\u00ff\u00ff\u00ff\u00ffK\0tb\u0089B")
                .getBytes(StandardCharsets.ISO_8859_1);
        return ByteBuffer.allocate(head.length + 4 + values.length + 3)
                .order(ByteOrder.LITTLE_ENDIAN)
                .put(head)
                .putInt(values.length)
                .put(values)
                .put("tb.".getBytes(StandardCharsets.US_ASCII))
                .array();
    }
}
