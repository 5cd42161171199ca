package io.pipelinev2.backtest.fuzz;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** Makes a damaged input out of a good one. The same random numbers make the same damage. */
@FunctionalInterface
public interface Mutation {

    byte[] apply(byte[] good, Random random);

    /** One bit is another. */
    static Mutation bitFlip() {
        return (good, random) -> at(good, random, (bytes, at) -> bytes[at] ^= (byte) (1 << random.nextInt(8)));
    }

    /** One byte is any, or one of those that such files are made of. */
    static Mutation byteChange(byte[] alphabet) {
        return (good, random) -> at(
                good,
                random,
                (bytes, at) -> bytes[at] =
                        random.nextBoolean() ? (byte) random.nextInt(256) : alphabet[random.nextInt(alphabet.length)]);
    }

    /** The end is missing. */
    static Mutation truncation() {
        return (good, random) -> Arrays.copyOf(good, good.length == 0 ? 0 : random.nextInt(good.length));
    }

    /** A piece is repeated, left out, or put somewhere else. */
    static Mutation splice() {
        return (good, random) -> {
            if (good.length < 2) {
                return good;
            }
            int from = random.nextInt(good.length);
            int length = Math.min(1 + random.nextInt(random.nextBoolean() ? 16 : good.length), good.length - from);
            byte[] piece = Arrays.copyOfRange(good, from, from + length);
            byte[] rest = good;
            if (random.nextBoolean()) {
                rest = Arrays.copyOf(good, good.length - length);
                System.arraycopy(good, from + length, rest, from, good.length - from - length);
            }
            return random.nextInt(3) == 0 ? rest : insert(rest, random.nextInt(rest.length + 1), piece);
        };
    }

    /** Somewhere stands a number that lengths, offsets and counts go wrong with. */
    static Mutation lengthEdit(ByteOrder order) {
        long[] nasty = {
            0,
            1,
            -1,
            2,
            127,
            128,
            255,
            256,
            0x7fff,
            0x8000,
            0xffff,
            0x7fffffffL,
            0x80000000L,
            0xffffffffL,
            1L << 28,
            Long.MAX_VALUE,
            Long.MIN_VALUE
        };
        return (good, random) -> {
            int width = new int[] {1, 2, 4, 8}[random.nextInt(4)];
            if (good.length < width) {
                return good;
            }
            byte[] bytes = good.clone();
            int at = position(bytes.length - width + 1, random);
            ByteBuffer buffer = ByteBuffer.wrap(bytes).order(order);
            long value =
                    random.nextInt(4) == 0 ? bytes.length + random.nextInt(5) - 2 : nasty[random.nextInt(nasty.length)];
            switch (width) {
                case 1 -> buffer.put(at, (byte) value);
                case 2 -> buffer.putShort(at, (short) value);
                case 4 -> buffer.putInt(at, (int) value);
                default -> buffer.putLong(at, value);
            }
            return bytes;
        };
    }

    /** Nothing is left of it. */
    static Mutation junk(byte[] alphabet) {
        return (good, random) -> {
            byte[] bytes = new byte[random.nextInt(400)];
            random.nextBytes(bytes);
            for (int i = 0; i < bytes.length; i++) {
                if (random.nextInt(3) > 0) {
                    bytes[i] = alphabet[random.nextInt(alphabet.length)];
                }
            }
            int kept = random.nextInt(Math.min(good.length, 16) + 1);
            System.arraycopy(good, 0, bytes, 0, Math.min(kept, bytes.length));
            return bytes;
        };
    }

    /** What any format suffers. */
    static List<Mutation> common(byte[] alphabet) {
        return List.of(
                bitFlip(),
                bitFlip(),
                byteChange(alphabet),
                byteChange(alphabet),
                truncation(),
                splice(),
                splice(),
                lengthEdit(ByteOrder.LITTLE_ENDIAN),
                lengthEdit(ByteOrder.LITTLE_ENDIAN),
                lengthEdit(ByteOrder.BIG_ENDIAN),
                junk(alphabet));
    }

    private static byte[] at(byte[] good, Random random, Change change) {
        if (good.length == 0) {
            return good;
        }
        byte[] bytes = good.clone();
        change.at(bytes, position(bytes.length, random));
        return bytes;
    }

    /** Headers lie at the start and directories at the end, and most of what can go wrong is in them. */
    private static int position(int length, Random random) {
        int edge = Math.min(length, 600);
        return switch (random.nextInt(3)) {
            case 0 -> random.nextInt(edge);
            case 1 -> length - 1 - random.nextInt(edge);
            default -> random.nextInt(length);
        };
    }

    private static byte[] insert(byte[] into, int at, byte[] piece) {
        byte[] bytes = new byte[into.length + piece.length];
        System.arraycopy(into, 0, bytes, 0, at);
        System.arraycopy(piece, 0, bytes, at, piece.length);
        System.arraycopy(into, at, bytes, at + piece.length, into.length - at);
        return bytes;
    }

    /** A change in place. */
    @FunctionalInterface
    interface Change {
        void at(byte[] bytes, int at);
    }
}
