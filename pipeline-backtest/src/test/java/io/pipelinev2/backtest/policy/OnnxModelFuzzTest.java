package io.pipelinev2.backtest.policy;

import io.pipelinev2.backtest.Fixtures;
import io.pipelinev2.backtest.fuzz.Fuzzing;
import io.pipelinev2.backtest.fuzz.Mutation;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Damaged and hostile .onnx files give a model or the typed error; and what is read can be played or is refused in words. */
class OnnxModelFuzzTest {

    private static final byte[] ALPHABET =
            "\0\1\2\3\5\6\7\10\12\20\22\30\32\40\42\50\52\60\62\70\72\100\102\110\112\200\377"
                    .getBytes(StandardCharsets.ISO_8859_1);
    private static final String[] OPERATORS = {
        "Add", "BatchNormalization", "Cast", "Clip", "Concat", "Constant", "Div", "Flatten", "Gather", "Gemm",
                "Identity",
        "LayerNormalization", "MatMul", "Max", "Mul", "Pow", "PRelu", "ReduceMean", "ReduceSum", "Relu", "Reshape",
                "Shape",
        "Slice", "Softmax", "Split", "Squeeze", "Sum", "Tanh", "Transpose", "Unsqueeze", "Gelu", "Elu", "HardSigmoid"
    };
    private static final String[] ATTRIBUTES = {
        "axis",
        "axes",
        "alpha",
        "beta",
        "transA",
        "transB",
        "to",
        "value",
        "perm",
        "epsilon",
        "keepdims",
        "num_outputs",
        "stash_type",
        "allowzero",
        "start",
        "end",
        "split",
        "value_ints",
        "approximate"
    };
    private static final int[] NASTY = {0, 1, 2, 3, 5, 7, -1, -2, -5, 64, 1 << 16, Integer.MAX_VALUE, Integer.MIN_VALUE
    };

    @Test
    void a_damaged_model_is_read_or_refused() throws IOException {
        Fuzzing.of("onnx", CheckpointException.class)
                .seededWith(OnnxFiles.small())
                .seededWith(Files.readAllBytes(Fixtures.trial(1).resolve("actor.onnx")))
                .damagedBy(Mutation.common(ALPHABET))
                .damagedBy(List.of(
                        OnnxModelFuzzTest::otherGraph,
                        OnnxModelFuzzTest::otherGraph,
                        OnnxModelFuzzTest::otherGraph,
                        OnnxModelFuzzTest::otherGraph,
                        OnnxModelFuzzTest::otherWeights))
                .inputs(1500)
                .ofNativeCode()
                .run(input -> {
                    OnnxModel model = OnnxModel.parse(input, "fuzzed");
                    try (Policy policy = model.newPolicy()) {
                        float[] state = new float[model.stateDimension()];
                        float[] action = new float[model.actions()];
                        for (int i = 0; i < state.length; i++) {
                            state[i] = i % 3 == 0 ? 1e30f : -i;
                        }
                        policy.act(state, action);
                    }
                });
    }

    /** Well-formed, of operators that are allowed, put together at random. */
    private static byte[] otherGraph(byte[] ignored, Random random) {
        OnnxFiles graph = new OnnxFiles();
        List<String> names = new ArrayList<>(List.of("state", "w", "b", "i"));
        int count = 1 + random.nextInt(5);
        for (int n = 0; n < count; n++) {
            String output = n == count - 1 ? "action" : "x" + n;
            StringBuilder inputs = new StringBuilder(n == 0 ? "state" : "x" + (n - 1));
            for (int i = random.nextInt(3); i > 0; i--) {
                inputs.append(',').append(random.nextInt(12) == 0 ? "" : names.get(random.nextInt(names.size())));
            }
            OnnxFiles node = OnnxFiles.node(OPERATORS[random.nextInt(OPERATORS.length)], inputs.toString(), output);
            for (int a = random.nextInt(3); a > 0; a--) {
                node.message(5, attribute(random));
            }
            graph.message(1, node);
            names.add(output);
        }
        return OnnxFiles.model(graph.text(2, "actor")
                .message(5, weights("w", random))
                .message(5, weights("b", random))
                .message(5, integers(random))
                .message(11, OnnxFiles.port("state", 1, random.nextBoolean() ? -1 : 1, 5))
                .message(12, OnnxFiles.port("action", 1, -1, random.nextBoolean() ? 5 : 2)));
    }

    private static OnnxFiles attribute(Random random) {
        OnnxFiles attribute = new OnnxFiles().text(1, ATTRIBUTES[random.nextInt(ATTRIBUTES.length)]);
        return switch (random.nextInt(4)) {
            case 0 -> attribute.number(3, NASTY[random.nextInt(NASTY.length)]).number(20, 2);
            case 1 -> {
                for (int i = random.nextInt(4); i > 0; i--) {
                    attribute.number(8, NASTY[random.nextInt(NASTY.length)]);
                }
                yield attribute.number(20, 7);
            }
            case 2 -> attribute.message(5, weights("v", random)).number(20, 4);
            default -> attribute.number(3, random.nextInt(3)).number(20, random.nextInt(12));
        };
    }

    private static OnnxFiles weights(String name, Random random) {
        int[][] shapes = {{5, 2}, {2}, {5}, {1}, {0}, {5, 1}, {1, 5}, {2, 5}, {3000, 1}, {1, 3000}, {5, 5, 5}, {}};
        return OnnxFiles.weights(name, shapes[random.nextInt(shapes.length)]);
    }

    private static OnnxFiles integers(Random random) {
        OnnxFiles tensor = new OnnxFiles();
        int count = random.nextInt(4);
        tensor.number(1, count).number(2, 7).text(8, "i");
        for (int i = 0; i < count; i++) {
            tensor.number(7, NASTY[random.nextInt(NASTY.length)]);
        }
        return tensor;
    }

    /** The good graph with weights whose shape and length disagree. */
    private static byte[] otherWeights(byte[] ignored, Random random) {
        byte[] values = new byte[random.nextInt(100)];
        random.nextBytes(values);
        int[] shape = new int[random.nextInt(4)];
        for (int i = 0; i < shape.length; i++) {
            shape[i] = NASTY[random.nextInt(NASTY.length)];
        }
        OnnxFiles tensor = OnnxFiles.weights("w", values, shape);
        if (random.nextBoolean()) {
            tensor.number(2, random.nextInt(24));
        }
        return OnnxFiles.model(new OnnxFiles()
                .message(1, OnnxFiles.node("MatMul", "state,w", "action"))
                .text(2, "actor")
                .message(5, tensor)
                .message(11, OnnxFiles.port("state", 1, 1, 5))
                .message(12, OnnxFiles.port("action", 1, 1, 2)));
    }
}
