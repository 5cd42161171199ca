package io.pipelinev2.backtest.policy;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Set;

/**
 * Looks through an ONNX file before native code does, and refuses what a feed-forward actor does not need: weights in other
 * files (which are read from wherever the model says), operators of other vendors, functions, loops and branches, chance,
 * and operators whose output can be any size.
 *
 * <p>Nothing is interpreted and nothing is copied. Where Protocol Buffers takes the last of several values of a field, every
 * one of them must be allowed, so that this reader and that of ONNX Runtime cannot disagree on what is refused.
 *
 * <p>Field numbers: {@code onnx.proto3} of github.com/onnx/onnx.
 */
final class OnnxStructure {

    private static final int MAX_NODES = 10_000;
    private static final long MAX_ELEMENTS = ModelFile.MAX_BYTES;
    private static final Set<String> STANDARD = Set.of("", "ai.onnx");

    private static final Set<String> OPERATORS = Set.of(
            "Abs",
            "Add",
            "BatchNormalization",
            "Cast",
            "Celu",
            "Clip",
            "Concat",
            "Constant",
            "Div",
            "Elu",
            "Erf",
            "Exp",
            "Flatten",
            "Gather",
            "Gelu",
            "Gemm",
            "HardSigmoid",
            "HardSwish",
            "Identity",
            "LayerNormalization",
            "LeakyRelu",
            "Log",
            "LogSoftmax",
            "MatMul",
            "Max",
            "Min",
            "Mish",
            "Mul",
            "Neg",
            "Pow",
            "PRelu",
            "Reciprocal",
            "ReduceMean",
            "ReduceSum",
            "Relu",
            "Reshape",
            "RMSNormalization",
            "Selu",
            "Shape",
            "Sigmoid",
            "Slice",
            "Softmax",
            "Softplus",
            "Softsign",
            "Split",
            "Sqrt",
            "Squeeze",
            "Sub",
            "Sum",
            "Swish",
            "Tanh",
            "Transpose",
            "Unsqueeze");

    private int nodes;
    private int graphs;

    private OnnxStructure() {}

    /** @throws CheckpointException saying what is wrong, for {@link OnnxModel} to put the file's name before */
    static void requireFeedForward(byte[] bytes) {
        if (bytes.length > ModelFile.MAX_BYTES) {
            throw new CheckpointException("it is longer than the limit of " + ModelFile.MAX_BYTES + " bytes");
        }
        if (bytes.length == 0) {
            throw new CheckpointException("it is empty. Copy the file again from where it was made");
        }
        new OnnxStructure().model(ByteBuffer.wrap(bytes));
    }

    private void model(ByteBuffer message) {
        ProtobufFields fields = new ProtobufFields(message);
        while (fields.next()) {
            switch (fields.field()) {
                case 7 -> graph(fields.content());
                case 20 -> throw refused("it holds a training graph", "Export the actor for inference");
                case 25 ->
                    throw refused(
                            "it defines functions of its own",
                            "Export it with torch.onnx.export(actor, ..., dynamo=False)");
                default -> {}
            }
        }
        if (graphs == 0 || nodes == 0) {
            throw new CheckpointException(
                    "it is not an ONNX file, or has no graph. Export it with torch.onnx.export(actor, ...)");
        }
    }

    private void graph(ByteBuffer message) {
        graphs++;
        ProtobufFields fields = new ProtobufFields(message);
        while (fields.next()) {
            switch (fields.field()) {
                case 1 -> node(fields.content());
                case 5 -> tensor(fields.content());
                case 15 -> throw sparse();
                default -> {}
            }
        }
    }

    private void node(ByteBuffer message) {
        if (++nodes > MAX_NODES) {
            throw new CheckpointException("it has more than " + MAX_NODES + " operators, and no actor needs as many");
        }
        ProtobufFields fields = new ProtobufFields(message);
        while (fields.next()) {
            switch (fields.field()) {
                case 4 -> operator(text(fields.content()));
                case 5 -> attribute(fields.content());
                case 7 -> domain(text(fields.content()));
                default -> {}
            }
        }
    }

    private static void operator(String name) {
        if (!OPERATORS.contains(name)) {
            throw refused(
                    "it uses the operator " + ModelFile.printable(name, 80)
                            + ", which is not one of those of a feed-forward actor",
                    "Export the forward pass alone: no noise, no loop, no branch, no memory");
        }
    }

    private static void domain(String name) {
        if (!STANDARD.contains(name)) {
            throw refused(
                    "it uses an operator of the domain " + ModelFile.printable(name, 80)
                            + ", and only those of the ONNX standard are played",
                    "Export it without custom operators and before any optimising for one kind of hardware");
        }
    }

    private static void attribute(ByteBuffer message) {
        ProtobufFields fields = new ProtobufFields(message);
        while (fields.next()) {
            switch (fields.field()) {
                case 5, 10 -> tensor(fields.content());
                case 6, 11 ->
                    throw refused(
                            "it has a graph within its graph, as loops and branches do",
                            "Export the forward pass alone");
                case 22, 23 -> throw sparse();
                default -> {}
            }
        }
    }

    private static void tensor(ByteBuffer message) {
        long elements = 1;
        long type = 0;
        long raw = -1;
        ProtobufFields fields = new ProtobufFields(message);
        while (fields.next()) {
            switch (fields.field()) {
                case 1 -> elements = withDimensions(elements, fields);
                case 2 -> type = fields.number();
                case 9 -> raw = fields.content().remaining();
                case 13 -> throw external();
                case 14 -> {
                    if (fields.number() != 0) {
                        throw external();
                    }
                }
                default -> {}
            }
        }
        if (raw >= 0 && raw != elements * bytesOf(type)) {
            throw new CheckpointException("it claims a tensor of " + elements + " numbers and holds " + raw
                    + " bytes of it. Copy the file again from where it was made");
        }
    }

    private static long withDimensions(long before, ProtobufFields field) {
        if (!field.isLengthDelimited()) {
            return times(before, field.number());
        }
        long elements = before;
        ByteBuffer dimensions = field.content();
        while (dimensions.hasRemaining()) {
            elements = times(elements, ProtobufFields.varint(dimensions));
        }
        return elements;
    }

    /** Bytes of one number of a type in {@code raw_data}; the types that are narrower than a byte are left out. */
    private static long bytesOf(long type) {
        return switch ((int) Math.min(type, 1000)) {
            case 2, 3, 9 -> 1;
            case 4, 5, 10, 16 -> 2;
            case 1, 6, 12 -> 4;
            case 7, 11, 13 -> 8;
            default ->
                throw new CheckpointException("it has a tensor of the unknown type " + type + ". Export actor.float()");
        };
    }

    private static long times(long elements, long dimension) {
        // Both are below 2^29, so the product does not overflow.
        if (dimension < 0 || dimension > MAX_ELEMENTS || elements * dimension > MAX_ELEMENTS) {
            throw new CheckpointException("it claims a tensor of more numbers than a file within the limit can hold."
                    + " Copy the file again from where it was made");
        }
        return elements * dimension;
    }

    private static String text(ByteBuffer bytes) {
        int length = Math.min(bytes.remaining(), 256);
        byte[] start = new byte[length];
        bytes.get(start);
        return new String(start, StandardCharsets.UTF_8);
    }

    private static CheckpointException external() {
        return refused(
                "its weights lie in another file, which a model may not refer to",
                "Export it as one file: torch.onnx.export(actor, ..., external_data=False)");
    }

    private static CheckpointException sparse() {
        return refused("it has sparse tensors", "Export it with ordinary ones");
    }

    private static CheckpointException refused(String what, String next) {
        return new CheckpointException(what + "; refused. " + next);
    }
}
