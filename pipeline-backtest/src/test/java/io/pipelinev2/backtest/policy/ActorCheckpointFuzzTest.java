package io.pipelinev2.backtest.policy;

import io.pipelinev2.backtest.Fixtures;
import io.pipelinev2.backtest.fuzz.Fuzzing;
import io.pipelinev2.backtest.fuzz.Mutation;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Damaged and hostile .pth files give a checkpoint or the typed error, and nothing else. */
class ActorCheckpointFuzzTest {

    private static final byte[] OPCODES =
            "(().NJKMGXt}]aesuqrhjcQRb\u0080\u0081\u0085\u0086\u0087\u0088\u0089\u008aPK\1\2\5\6"
                    .getBytes(StandardCharsets.ISO_8859_1);
    private static final byte[] PICKLE = pickleOf(TorchArchive.small().bytes());

    @Test
    void a_damaged_archive_is_read_or_refused() throws IOException {
        Fuzzing.of("pth", CheckpointException.class)
                .seededWith(TorchArchive.small().bytes())
                .seededWith(TorchArchive.small().deflated().bytes())
                .seededWith(Files.readAllBytes(Fixtures.trial(1).resolve("actor.pth")))
                .damagedBy(Mutation.common(OPCODES))
                .damagedBy(List.of(ActorCheckpointFuzzTest::directoryField, ActorCheckpointFuzzTest::directoryField))
                // In a sound archive, so that it gets past the checksums.
                .damagedBy(List.of(
                        ActorCheckpointFuzzTest::damagedPickle,
                        ActorCheckpointFuzzTest::damagedPickle,
                        ActorCheckpointFuzzTest::damagedPickle,
                        ActorCheckpointFuzzTest::damagedPickle,
                        ActorCheckpointFuzzTest::randomProgram,
                        ActorCheckpointFuzzTest::otherTensor))
                .inputs(6000)
                .run(input -> ActorCheckpoint.parse(input, "fuzzed"));
    }

    /** A field of an entry in the zip's directory, or of the directory's end, is another number. */
    private static byte[] directoryField(byte[] good, Random random) {
        byte[] bytes = good.clone();
        ByteBuffer buffer = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        int header = random.nextBoolean() ? 0x02014b50 : random.nextBoolean() ? 0x06054b50 : 0x04034b50;
        int skip = random.nextInt(8);
        for (int at = bytes.length - 50; at >= 0; at--) {
            if (buffer.getInt(at) == header && skip-- == 0) {
                int field = at + 4 + random.nextInt(42);
                buffer.putInt(
                        field,
                        random.nextBoolean() ? random.nextInt() : random.nextInt(2 * bytes.length) - bytes.length);
                break;
            }
        }
        return bytes;
    }

    private static byte[] damagedPickle(byte[] ignored, Random random) {
        byte[] pickle = PICKLE;
        List<Mutation> kinds = Mutation.common(OPCODES);
        for (int i = 1 + random.nextInt(5); i > 0; i--) {
            pickle = kinds.get(random.nextInt(kinds.size())).apply(pickle, random);
        }
        return TorchArchive.small().bytes(pickle);
    }

    private static byte[] randomProgram(byte[] ignored, Random random) {
        ByteArrayOutputStream program = new ByteArrayOutputStream();
        program.writeBytes(new byte[] {(byte) 0x80, 2});
        String[] calls = {
            "ccollections\nOrderedDict\n)R",
            "ctorch._utils\n_rebuild_tensor_v2\n",
            "ctorch\nFloatStorage\n",
            "X\1\0\0\0a",
            "X\7\0\0\0storage",
            "cos\nsystem\n"
        };
        for (int i = random.nextInt(300); i > 0; i--) {
            switch (random.nextInt(4)) {
                case 0 -> program.writeBytes(calls[random.nextInt(calls.length)].getBytes(StandardCharsets.ISO_8859_1));
                case 1 -> program.write(random.nextInt(8));
                default -> program.write(OPCODES[random.nextInt(OPCODES.length)]);
            }
        }
        program.write('.');
        return TorchArchive.small().bytes(program.toByteArray());
    }

    /** A tensor in good order whose view of its numbers is not. */
    private static byte[] otherTensor(byte[] ignored, Random random) {
        int[] nasty = {0, 1, 2, 3, 5, -1, 15, 1 << 15, 1 << 30, Integer.MAX_VALUE, Integer.MIN_VALUE};
        int[] shape = new int[1 + random.nextInt(2)];
        int[] strides = new int[random.nextInt(8) == 0 ? 3 : shape.length];
        for (int i = 0; i < shape.length; i++) {
            shape[i] = nasty[random.nextInt(nasty.length)];
        }
        for (int i = 0; i < strides.length; i++) {
            strides[i] = nasty[random.nextInt(nasty.length)];
        }
        String[] keys = {"net.0.weight", "net.0.bias", "net.2.weight", "net.4.weight", "net.4.bias"};
        return TorchArchive.small()
                .tensor(
                        keys[random.nextInt(keys.length)],
                        random.nextInt(8) == 0 ? "HalfStorage" : "FloatStorage",
                        new float[random.nextInt(20)],
                        nasty[random.nextInt(nasty.length)],
                        shape,
                        strides)
                .bytes();
    }

    private static byte[] pickleOf(byte[] archive) {
        ByteBuffer content = new ZipArchive(archive).content("any root/data.pkl");
        byte[] pickle = new byte[content.remaining()];
        content.get(pickle);
        return pickle;
    }
}
