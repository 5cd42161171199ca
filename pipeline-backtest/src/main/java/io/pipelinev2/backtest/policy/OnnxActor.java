package io.pipelinev2.backtest.policy;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions;
import ai.onnxruntime.TensorInfo;
import io.pipelinev2.core.PipelineException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Arrays;
import java.util.Map;

/**
 * A session of ONNX Runtime with its input and output pinned, so that a step copies one observation in and one action out.
 *
 * <p>The only class that knows ONNX Runtime: as long as nobody opens one, the library need not be there.
 */
final class OnnxActor implements Policy {

    private static final int MAX_DIMENSION = 1 << 22;

    private final String name;
    private final OrtSession session;
    private final Port in;
    private final Port out;
    private final FloatBuffer observation;
    private final FloatBuffer chosen;
    private final OnnxTensor input;
    private final OnnxTensor output;
    private final Map<String, OnnxTensor> inputs;
    private final Map<String, OnnxTensor> outputs;
    private boolean closed;

    /** The one input or output of a graph. */
    private record Port(String name, int length) {}

    private OnnxActor(String name, OrtEnvironment runtime, OrtSession session) throws OrtException {
        this.name = name;
        this.session = session;
        this.in = port("input", session.getInputInfo());
        this.out = port("output", session.getOutputInfo());
        this.observation = buffer(in.length());
        this.chosen = buffer(out.length());
        this.input = OnnxTensor.createTensor(runtime, observation, new long[] {1, in.length()});
        this.output = OnnxTensor.createTensor(runtime, chosen, new long[] {1, out.length()});
        this.inputs = Map.of(in.name(), input);
        this.outputs = Map.of(out.name(), output);
    }

    /**
     * @param name what errors in play call the model
     * @throws CheckpointException saying what is wrong, for {@link OnnxModel} to put the file's name before
     * @throws LinkageError when the library or its native part is missing
     */
    static OnnxActor open(byte[] model, String name) {
        OrtEnvironment runtime = environment();
        try (SessionOptions options = options()) {
            OrtSession session = runtime.createSession(model, options);
            try {
                return new OnnxActor(name, runtime, session);
            } catch (OrtException | RuntimeException refused) {
                session.close();
                throw refused;
            }
        } catch (CheckpointException refused) {
            throw refused;
        } catch (OrtException | RuntimeException refused) {
            if (processIsEnding()) {
                throw ending(refused);
            }
            throw new CheckpointException(failed("it cannot be loaded", refused));
        }
    }

    private static OrtEnvironment environment() {
        try {
            return OrtEnvironment.getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL, "pipeline");
        } catch (IllegalStateException failed) {
            if (processIsEnding()) {
                throw ending(failed);
            }
            throw failed;
        }
    }

    /** ONNX Runtime ends in a shutdown hook and then opens nothing any more, while others of the process still finish. */
    private static PipelineException ending(Exception cause) {
        return new PipelineException(
                "No model is opened any more, because the process is ending. It is tried again by the next.", cause);
    }

    private static SessionOptions options() throws OrtException {
        SessionOptions options = new SessionOptions();
        // A backtest has one thread; the work is spread over cores by playing several.
        options.setIntraOpNumThreads(1);
        options.setInterOpNumThreads(1);
        options.setSessionLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL);
        return options;
    }

    @Override
    public void act(float[] state, float[] action) {
        if (state.length != in.length() || action.length != out.length()) {
            throw new IllegalArgumentException("the network takes " + in.length() + " values and gives " + out.length()
                    + " actions, but was given arrays of " + state.length + " and " + action.length);
        }
        observation.clear().put(state);
        try {
            session.run(inputs, outputs).close();
        } catch (OrtException failed) {
            throw new CheckpointException(failed("The model " + name + " cannot be evaluated", failed) + ".");
        }
        chosen.clear().get(action);
    }

    /** One step on zeros: what fails at all fails here, before anything depends on it. */
    void rehearse() {
        float[] action = new float[out.length()];
        act(new float[in.length()], action);
        for (float value : action) {
            if (!Float.isFinite(value)) {
                throw new CheckpointException(
                        "The model " + name + " cannot be used: it gives "
                                + Arrays.toString(Arrays.copyOf(action, Math.min(action.length, 8)))
                                + " for an observation of zeros; actions must be finite. The training diverged; train it again.");
            }
        }
    }

    int stateDimension() {
        return in.length();
    }

    int actions() {
        return out.length();
    }

    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        input.close();
        output.close();
        try {
            session.close();
        } catch (OrtException unexpected) {
            throw new IllegalStateException("a session of ONNX Runtime cannot be closed", unexpected);
        }
    }

    private static Port port(String kind, Map<String, NodeInfo> all) {
        if (all.size() != 1) {
            throw new CheckpointException("it has " + all.size() + " " + kind + "s ("
                    + ModelFile.printable(String.join(", ", all.keySet()), 80) + "), but an actor has one "
                    + (kind.equals("input") ? "input, the observation" : "output, the actions")
                    + ". Export the actor alone, without its value or its noise");
        }
        NodeInfo node = all.values().iterator().next();
        String shown = "its " + kind + " '" + ModelFile.printable(node.getName(), 80) + "'";
        if (!(node.getInfo() instanceof TensorInfo tensor) || tensor.type != OnnxJavaType.FLOAT) {
            throw new CheckpointException(shown + " is not a tensor of float32 ("
                    + (node.getInfo() instanceof TensorInfo other ? other.type.toString() : "no tensor at all")
                    + "). Export actor.float()");
        }
        long[] shape = tensor.getShape();
        if (shape.length != 2 || (shape[0] != 1 && shape[0] != -1)) {
            throw new CheckpointException(shown + " has the shape " + shown(shape)
                    + ", but [batch, n] or [1, n] is needed. Export it with an observation of shape (1, n)");
        }
        if (shape[1] < 1 || shape[1] > MAX_DIMENSION) {
            throw new CheckpointException(shown + " has the shape " + shown(shape) + ", whose second dimension must be"
                    + " fixed and from 1 to " + MAX_DIMENSION
                    + ". Export it with the batch alone as a dynamic dimension");
        }
        return new Port(node.getName(), (int) shape[1]);
    }

    private static String shown(long[] shape) {
        return Arrays.toString(shape).replace("-1", "any");
    }

    private static FloatBuffer buffer(int length) {
        return ByteBuffer.allocateDirect(length * Float.BYTES)
                .order(ByteOrder.nativeOrder())
                .asFloatBuffer();
    }

    private static String failed(String what, Exception failure) {
        return what + " by ONNX Runtime ("
                + ModelFile.printable(String.valueOf(failure.getMessage()).strip(), 300)
                + "). Export it again with a current opset, and check it with onnx.checker";
    }

    private static boolean processIsEnding() {
        Thread probe = new Thread(() -> {});
        try {
            Runtime.getRuntime().addShutdownHook(probe);
            Runtime.getRuntime().removeShutdownHook(probe);
            return false;
        } catch (IllegalStateException ending) {
            return true;
        }
    }
}
