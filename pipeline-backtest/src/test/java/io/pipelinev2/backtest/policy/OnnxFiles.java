package io.pipelinev2.backtest.policy;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Writes ONNX models as Protocol Buffers messages, right and wrong ones. */
final class OnnxFiles {

    static final int FLOAT = 1;
    static final int DOUBLE = 11;

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    /** An actor of 5 inputs and 2 actions: tanh(state W + b). */
    static byte[] small() {
        return model(actor());
    }

    static byte[] model(OnnxFiles graph) {
        return header().message(7, graph).bytes();
    }

    static OnnxFiles header() {
        return new OnnxFiles()
                .number(1, 8)
                .text(2, "tests")
                .message(8, new OnnxFiles().text(1, "").number(2, 17));
    }

    static OnnxFiles actor() {
        return new OnnxFiles()
                .message(1, node("MatMul", "state,w", "product"))
                .message(1, node("Add", "product,b", "sum"))
                .message(1, node("Tanh", "sum", "action"))
                .text(2, "actor")
                .message(5, weights("w", 5, 2))
                .message(5, weights("b", 2))
                .message(11, port("state", FLOAT, -1, 5))
                .message(12, port("action", FLOAT, -1, 2));
    }

    static OnnxFiles node(String operator, String inputs, String output) {
        OnnxFiles node = new OnnxFiles();
        for (String input : inputs.split(",")) {
            node.text(1, input);
        }
        return node.text(2, output).text(4, operator);
    }

    static OnnxFiles weights(String name, int... shape) {
        int count = Arrays.stream(shape).reduce(1, (a, b) -> a * b);
        ByteBuffer values = ByteBuffer.allocate(count * 4).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < count; i++) {
            values.putFloat(0.01f * (i + 1));
        }
        return weights(name, values.array(), shape);
    }

    static OnnxFiles weights(String name, byte[] values, int... shape) {
        OnnxFiles tensor = new OnnxFiles();
        for (int length : shape) {
            tensor.number(1, length);
        }
        return tensor.number(2, FLOAT).text(8, name).bytes(9, values);
    }

    /** A dimension of -1 is named, of 0 left open. */
    static OnnxFiles port(String name, int type, int... shape) {
        OnnxFiles dimensions = new OnnxFiles();
        for (int length : shape) {
            dimensions.message(
                    1, length > 0 ? new OnnxFiles().number(1, length) : new OnnxFiles().text(2, "n" + length));
        }
        OnnxFiles tensor = new OnnxFiles().number(1, type).message(2, dimensions);
        return new OnnxFiles().text(1, name).message(2, new OnnxFiles().message(1, tensor));
    }

    OnnxFiles number(int field, long value) {
        varint((long) field << 3);
        varint(value);
        return this;
    }

    OnnxFiles text(int field, String value) {
        return bytes(field, value.getBytes(StandardCharsets.UTF_8));
    }

    OnnxFiles message(int field, OnnxFiles value) {
        return bytes(field, value.bytes());
    }

    OnnxFiles bytes(int field, byte[] value) {
        varint((long) field << 3 | 2);
        varint(value.length);
        bytes.writeBytes(value);
        return this;
    }

    byte[] bytes() {
        return bytes.toByteArray();
    }

    private void varint(long value) {
        long rest = value;
        while ((rest & ~0x7fL) != 0) {
            bytes.write((int) (rest & 0x7f | 0x80));
            rest >>>= 7;
        }
        bytes.write((int) rest);
    }
}
