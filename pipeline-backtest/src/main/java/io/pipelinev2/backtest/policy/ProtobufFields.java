package io.pipelinev2.backtest.policy;

import java.nio.ByteBuffer;

/**
 * Goes through the fields of one Protocol Buffers message in order, as they lie in the bytes. Fields of a message within it
 * are read by another instance over {@link #content()}.
 *
 * <p>Source: the encoding as documented at protobuf.dev/programming-guides/encoding. Groups, which nothing writes any more,
 * are refused.
 */
final class ProtobufFields {

    static final int VARINT = 0;
    static final int LENGTH_DELIMITED = 2;

    private static final int FIXED64 = 1;
    private static final int FIXED32 = 5;

    private final ByteBuffer bytes;
    private int field;
    private int wireType;
    private long number;
    private ByteBuffer content = ByteBuffer.allocate(0);

    ProtobufFields(ByteBuffer message) {
        this.bytes = message.duplicate();
    }

    /**
     * Moves to the next field.
     *
     * @return whether there is one
     * @throws CheckpointException when what follows is not a field
     */
    boolean next() {
        if (!bytes.hasRemaining()) {
            return false;
        }
        long key = varint(bytes);
        if (key < 8 || key > 0xffffffffL) {
            throw damaged();
        }
        field = (int) (key >>> 3);
        wireType = (int) (key & 7);
        switch (wireType) {
            case VARINT -> number = varint(bytes);
            case FIXED64 -> skip(Long.BYTES);
            case LENGTH_DELIMITED -> {
                long length = varint(bytes);
                int start = bytes.position();
                skip(length);
                content = bytes.slice(start, (int) length);
            }
            case FIXED32 -> skip(Integer.BYTES);
            default -> throw damaged();
        }
        return true;
    }

    int field() {
        return field;
    }

    /** The value of a field that is a whole number. */
    long number() {
        require(VARINT);
        return number;
    }

    /** The bytes of a field that is a message, a text, or bytes. */
    ByteBuffer content() {
        require(LENGTH_DELIMITED);
        return content.duplicate();
    }

    boolean isLengthDelimited() {
        return wireType == LENGTH_DELIMITED;
    }

    static long varint(ByteBuffer bytes) {
        long value = 0;
        for (int shift = 0; shift < 70; shift += 7) {
            if (!bytes.hasRemaining()) {
                throw damaged();
            }
            byte next = bytes.get();
            value |= (next & 0x7fL) << shift;
            if (next >= 0) {
                return value;
            }
        }
        throw damaged();
    }

    private void skip(long length) {
        if (length < 0 || length > bytes.remaining()) {
            throw damaged();
        }
        bytes.position(bytes.position() + (int) length);
    }

    private void require(int expected) {
        if (wireType != expected) {
            throw damaged();
        }
    }

    private static CheckpointException damaged() {
        return new CheckpointException(
                "it is not an ONNX file, or it was cut short. Copy the file again from where it was made");
    }
}
