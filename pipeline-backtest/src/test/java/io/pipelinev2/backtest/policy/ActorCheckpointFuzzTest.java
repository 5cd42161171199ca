package io.pipelinev2.backtest.policy;

import io.pipelinev2.backtest.Fixtures;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.constraints.IntRange;

/** Damaged and hostile files give a checkpoint or the typed error, and nothing else. */
class ActorCheckpointFuzzTest {

    private static final byte[] REAL = real();
    private static final byte[] SMALL = TorchArchive.small().bytes();
    private static final byte[] DEFLATED = TorchArchive.small().deflated().bytes();
    private static final byte[] PICKLE = pickleOf(SMALL);

    @Property(tries = 4000, shrinking = ShrinkingMode.OFF)
    void a_damaged_archive_never_gives_an_untyped_error(
            @ForAll long seed,
            @ForAll @IntRange(min = 0, max = 8) int changes,
            @ForAll @IntRange(min = 0, max = 9) int kind) {
        Random random = new Random(seed);
        byte[] good = kind == 0 ? REAL : kind < 5 ? DEFLATED : SMALL;
        byte[] damaged = kind == 9 ? Arrays.copyOf(good, random.nextInt(good.length)) : good.clone();
        for (int i = 0; i < changes && damaged.length > 0; i++) {
            // The directory at the end is where offsets and sizes are.
            int range = random.nextBoolean() ? Math.min(600, damaged.length) : damaged.length;
            damaged[damaged.length - 1 - random.nextInt(range)] = (byte) random.nextInt(256);
        }
        parse(damaged);
    }

    @Property(tries = 6000, shrinking = ShrinkingMode.OFF)
    void a_damaged_pickle_never_gives_an_untyped_error(
            @ForAll long seed, @ForAll @IntRange(min = 1, max = 6) int changes) {
        Random random = new Random(seed);
        byte[] damaged = PICKLE.clone();
        byte[] opcodes = "().NJKMGXt}]aesuqrhjcQRb".getBytes(StandardCharsets.US_ASCII);
        for (int i = 0; i < changes; i++) {
            damaged[random.nextInt(damaged.length)] =
                    random.nextBoolean() ? (byte) random.nextInt(256) : opcodes[random.nextInt(opcodes.length)];
        }
        parse(TorchArchive.small().bytes(damaged));
    }

    @Property(tries = 3000, shrinking = ShrinkingMode.OFF)
    void random_opcodes_never_give_an_untyped_error(@ForAll long seed) {
        Random random = new Random(seed);
        byte[] opcodes =
                "((()))NKKXtt}}]aessuuqqhhQRRb\u0085\u0086\u0087\u0088\u008a".getBytes(StandardCharsets.ISO_8859_1);
        byte[] code = new byte[2 + random.nextInt(200)];
        for (int i = 0; i < code.length; i++) {
            code[i] = random.nextInt(4) == 0 ? (byte) random.nextInt(4) : opcodes[random.nextInt(opcodes.length)];
        }
        code[0] = (byte) 0x80;
        code[1] = 2;
        parse(TorchArchive.small().bytes(code));
    }

    private static void parse(byte[] bytes) {
        try {
            ActorCheckpoint.parse(bytes, "fuzzed");
        } catch (CheckpointException expected) {
            // The only error that may come out.
        }
    }

    private static byte[] real() {
        try {
            return Files.readAllBytes(Fixtures.trial(1).resolve("actor.pth"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static byte[] pickleOf(byte[] archive) {
        ByteBuffer content = new ZipArchive(archive).content("any root/data.pkl");
        byte[] pickle = new byte[content.remaining()];
        content.get(pickle);
        return pickle;
    }
}
