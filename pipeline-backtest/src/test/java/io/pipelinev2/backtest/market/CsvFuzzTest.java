package io.pipelinev2.backtest.market;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/**
 * Damaged CSV files give market data that keeps its promises or the typed error, and nothing else. The system property
 * {@code fuzz.seconds} makes it go on for longer.
 */
class CsvFuzzTest {

    private static final byte[] ONE = Csv.walk(40).getBytes(StandardCharsets.UTF_8);
    private static final byte[] MANY = Csv.walk(40, Long::toString, "A,", "asset,time,open,high,low,close,volume\n")
            .getBytes(StandardCharsets.UTF_8);
    private static final String PIECES = "0123456789.-+eE,;\"\n\r\t:TZ \0\uFEFF'#xNaI";

    private static Path directory;

    @BeforeContainer
    static void makeDirectory() throws IOException {
        directory = Files.createTempDirectory("fuzz");
    }

    @AfterContainer
    static void deleteDirectory() throws IOException {
        Files.delete(directory.resolve("A.csv"));
        Files.delete(directory);
    }

    @Property(tries = 1500, shrinking = ShrinkingMode.OFF)
    void a_damaged_file_never_gives_an_untyped_error(@ForAll long seed) throws IOException {
        fuzz(new Random(seed));
    }

    @Example
    void nor_does_it_in_a_longer_run() throws IOException {
        long until = System.nanoTime() + Long.getLong("fuzz.seconds", 0) * 1_000_000_000L;
        Random random = new Random();
        do {
            long seed = random.nextLong();
            try {
                fuzz(new Random(seed));
            } catch (RuntimeException | Error e) {
                throw new AssertionError("with seed " + seed, e);
            }
        } while (System.nanoTime() < until);
    }

    private static void fuzz(Random random) throws IOException {
        Files.write(directory.resolve("A.csv"), damaged(random));
        try {
            MarketDataSettings settings = MarketDataSettings.of(directory);
            MarketData market = MarketData.load(
                    random.nextBoolean() ? settings : settings.withTimeZone(ZoneId.of("Europe/Berlin")));
            for (int row = 0; row < market.rows(); row++) {
                assertThat(market.price(row, 0)).isPositive().isFinite();
            }
        } catch (MalformedMarketDataException expected) {
            assertThat(expected).hasMessageContaining(directory.toString());
        }
    }

    private static byte[] damaged(Random random) {
        byte[] bytes = (random.nextBoolean() ? ONE : MANY).clone();
        if (random.nextInt(8) == 0) {
            return noise(random);
        }
        if (random.nextInt(4) == 0) {
            bytes = Arrays.copyOf(bytes, random.nextInt(bytes.length + 20));
        }
        int changes = random.nextInt(6);
        for (int i = 0; i < changes && bytes.length > 0; i++) {
            int at = random.nextInt(random.nextInt(3) == 0 ? Math.min(80, bytes.length) : bytes.length);
            switch (random.nextInt(4)) {
                case 0 -> bytes[at] = (byte) random.nextInt(256);
                case 1 -> bytes[at] = (byte) PIECES.charAt(random.nextInt(PIECES.length()));
                case 2 -> bytes = spliced(bytes, at, at, noise(random));
                default -> bytes = spliced(bytes, at, Math.min(bytes.length, at + random.nextInt(60)), new byte[0]);
            }
        }
        return bytes;
    }

    private static byte[] noise(Random random) {
        StringBuilder text = new StringBuilder();
        int length = random.nextInt(random.nextInt(20) == 0 ? 200_000 : 30);
        int kinds = 1 + random.nextInt(PIECES.length());
        int from = random.nextInt(PIECES.length());
        for (int i = 0; i < length; i++) {
            text.append(PIECES.charAt((from + random.nextInt(kinds)) % PIECES.length()));
        }
        return text.toString().getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] spliced(byte[] bytes, int from, int to, byte[] middle) {
        byte[] result = new byte[from + middle.length + bytes.length - to];
        System.arraycopy(bytes, 0, result, 0, from);
        System.arraycopy(middle, 0, result, from, middle.length);
        System.arraycopy(bytes, to, result, from + middle.length, bytes.length - to);
        return result;
    }
}
