package io.pipelinev2.backtest.market;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/** Damaged files give an array or the typed error, and nothing else. */
class NpyArrayFuzzTest {

    private static final byte[] GOOD = NpyFiles.npy(new double[][] {{1, 2, 3}, {4, 5, 6}, {7, 8, 9}});
    private static Path file;

    @BeforeContainer
    static void makeFile() throws IOException {
        file = Files.createTempFile("fuzz", ".npy");
    }

    @AfterContainer
    static void deleteFile() throws IOException {
        Files.delete(file);
    }

    @Property(tries = 3000, shrinking = ShrinkingMode.OFF)
    void a_damaged_file_never_gives_an_untyped_error(
            @ForAll long seed,
            @ForAll @IntRange(min = 0, max = 6) int changes,
            @ForAll @IntRange(min = 0, max = 9) int cut)
            throws IOException {
        Random random = new Random(seed);
        byte[] damaged = cut == 0 ? Arrays.copyOf(GOOD, random.nextInt(GOOD.length + 20)) : GOOD.clone();
        for (int i = 0; i < changes && damaged.length > 0; i++) {
            // Most of what can go wrong is in the header.
            int at = random.nextInt(random.nextBoolean() ? Math.min(90, damaged.length) : damaged.length);
            damaged[at] = random.nextBoolean()
                    ? (byte) random.nextInt(256)
                    : (byte) "0123456789',(){} <>f".charAt(random.nextInt(20));
        }
        Files.write(file, damaged);
        try {
            NpyArray.read(file);
        } catch (MalformedMarketDataException expected) {
            // The only error that may come out.
        }
    }
}
