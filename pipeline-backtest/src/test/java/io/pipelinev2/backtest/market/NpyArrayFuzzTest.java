package io.pipelinev2.backtest.market;

import io.pipelinev2.backtest.fuzz.Fuzzing;
import io.pipelinev2.backtest.fuzz.Mutation;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Damaged .npy files give an array or the typed error, and nothing else. */
class NpyArrayFuzzTest {

    private static final byte[] ALPHABET = "0123456789',(){}: <>=|fiuUVTrueFalse".getBytes(StandardCharsets.US_ASCII);
    private static final String[] SHAPES = {
        "3, 3",
        "9,",
        "0, 3",
        "-1, 3",
        "2147483647, 1",
        "46341, 46341",
        "9223372036854775807, 2",
        "3, 3, 1",
        "",
        "3L, 3",
        "1e9, 1",
        "99999999999999999999, 1",
        "(3, 3)",
        "3, 3, ",
        "4294967296, 4294967296"
    };
    private static final String[] TYPES = {
        "<f8", "<f4", ">f8", "|O", "<i8", "<U9999999999", "=f8", "<f2", "<c16", "f8", ""
    };

    @TempDir
    Path directory;

    @Test
    void a_damaged_file_is_read_or_refused() throws IOException {
        double[][] rows = {{1, 2, 3}, {4, 5, 6}, {7, 8, 9}};
        Path file = directory.resolve("fuzz.npy");
        Fuzzing.of("npy", MalformedMarketDataException.class)
                .seededWith(NpyFiles.npy(rows))
                .seededWith(NpyFiles.npy(2, NpyFiles.header("<f8", true, "3, 3"), NpyFiles.doubles(rows)))
                .seededWith(NpyFiles.npy(1, NpyFiles.header("<f4", false, "3,"), NpyFiles.floats(1, 2, 3)))
                .damagedBy(Mutation.common(ALPHABET))
                .inputs(2000)
                .damagedBy(List.of(NpyArrayFuzzTest::otherHeader, NpyArrayFuzzTest::otherHeader))
                .run(input -> {
                    Files.write(file, input);
                    NpyArray.read(file);
                });
    }

    /** A well-formed header that does not belong to the numbers after it. */
    private static byte[] otherHeader(byte[] good, Random random) {
        byte[] body = new byte[random.nextInt(200)];
        random.nextBytes(body);
        String header = NpyFiles.header(
                TYPES[random.nextInt(TYPES.length)], random.nextBoolean(), SHAPES[random.nextInt(SHAPES.length)]);
        if (random.nextInt(4) == 0) {
            header = header.replace("descr", "shape").concat(" ".repeat(random.nextInt(70_000)));
        }
        return NpyFiles.npy(1 + random.nextInt(3), header, body);
    }
}
