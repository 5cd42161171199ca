package io.pipelinev2.backtest.policy;

import io.pipelinev2.core.PipelineException;
import io.pipelinev2.core.stage.ModelArchive;
import java.io.IOException;
import java.nio.file.Path;
import java.util.OptionalInt;

/**
 * An actor in ONNX format, played by ONNX Runtime: one float32 input of shape [batch, observation], one float32 output of
 * shape [batch, assets].
 *
 * <p>ONNX Runtime is native code, so the file is first checked here, field by field: only the standard operators of a
 * feed-forward network, nothing that lies outside of the file, no code. It is then loaded and run once on zeros. What does
 * not pass is refused with a {@link CheckpointException} that says what it was.
 *
 * <p>The library {@code com.microsoft.onnxruntime:onnxruntime} is an optional dependency and is touched only when the first
 * ONNX model is read.
 */
public final class OnnxModel implements ActorModel {

    /** The name of such a file in a model directory. */
    public static final String FILE_NAME = "actor.onnx";

    private final String name;
    private final byte[] bytes;
    private final String sha256;
    private final int stateDimension;
    private final int actions;

    private OnnxModel(String name, byte[] bytes, int stateDimension, int actions) {
        this.name = name;
        this.bytes = bytes;
        this.sha256 = ModelArchive.sha256(bytes);
        this.stateDimension = stateDimension;
        this.actions = actions;
    }

    /**
     * Reads an ONNX file.
     *
     * @throws IOException when the file is missing or cannot be read; a later attempt may succeed
     * @throws CheckpointException when it was read and is not an actor that can be played
     * @throws OnnxRuntimeUnavailableException when there is nothing to play it with
     */
    public static OnnxModel read(Path file) throws IOException {
        return parse(ModelFile.read(file), file.toString());
    }

    /**
     * Checks an ONNX file in memory. The array is kept and must not be changed afterwards.
     *
     * @param name what errors call it, usually its path
     * @throws CheckpointException when it is not an actor that can be played
     * @throws OnnxRuntimeUnavailableException when there is nothing to play it with
     */
    public static OnnxModel parse(byte[] bytes, String name) {
        try {
            OnnxStructure.requireFeedForward(bytes);
        } catch (CheckpointException refused) {
            throw refused(name, refused);
        }
        try (OnnxActor actor = open(bytes, name)) {
            actor.rehearse();
            return new OnnxModel(name, bytes, actor.stateDimension(), actor.actions());
        }
    }

    private static OnnxActor open(byte[] bytes, String name) {
        try {
            return OnnxActor.open(bytes, name);
        } catch (CheckpointException refused) {
            throw refused(name, refused);
        } catch (NoClassDefFoundError missing) {
            throw new OnnxRuntimeUnavailableException(
                    "The model " + name
                            + " is in ONNX format, but ONNX Runtime is not on the class path, or failed to start"
                            + " before (" + missing.getMessage() + "). Add the dependency"
                            + " com.microsoft.onnxruntime:onnxruntime to the application, or export the model as"
                            + " actor.pth.",
                    missing);
        } catch (LinkageError noNativePart) {
            throw new OnnxRuntimeUnavailableException(
                    "The model " + name + " is in ONNX format, but the native part of ONNX Runtime does not load here ("
                            + rootOf(noNativePart)
                            + "). It needs glibc on Linux, Windows or macOS, and a java.io.tmpdir"
                            + " with 40 MB to spare that may hold executable files. Or export the model as actor.pth.",
                    noNativePart);
        }
    }

    private static Throwable rootOf(Throwable error) {
        Throwable root = error;
        for (Throwable cause = error.getCause(); cause != null; cause = cause.getCause()) {
            root = cause;
        }
        return root;
    }

    private static CheckpointException refused(String name, CheckpointException why) {
        return new CheckpointException("The model " + name + " cannot be used: " + why.getMessage() + ".");
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String sha256() {
        return sha256;
    }

    @Override
    public byte[] bytes() {
        return bytes.clone();
    }

    @Override
    public String fileName() {
        return FILE_NAME;
    }

    @Override
    public int stateDimension() {
        return stateDimension;
    }

    @Override
    public int actions() {
        return actions;
    }

    /** Not known: a graph need not have layers. */
    @Override
    public OptionalInt hiddenWidth() {
        return OptionalInt.empty();
    }

    /**
     * A session of ONNX Runtime on one thread.
     *
     * @throws PipelineException when none can be opened now, though it could when the model was read
     */
    @Override
    public Policy newPolicy() {
        return open(bytes, name);
    }
}
