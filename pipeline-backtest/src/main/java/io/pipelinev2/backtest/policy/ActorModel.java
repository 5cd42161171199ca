package io.pipelinev2.backtest.policy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.OptionalInt;

/**
 * An actor that was read from a file and can be played, whatever the file's format: the format decides the engine that
 * computes its actions.
 *
 * <p>The file is read once. What is checked, what is hashed and what {@link #bytes()} returns for archiving are the same
 * bytes. A model is immutable and may be shared by threads; each of them plays a {@link #newPolicy() policy} of its own.
 */
public sealed interface ActorModel permits ActorCheckpoint, OnnxModel {

    /**
     * Reads a model file: ONNX if its name ends in {@code .onnx}, else what {@code torch.save} writes.
     *
     * @throws IOException when the file is missing or cannot be read; a later attempt may succeed
     * @throws CheckpointException when it was read and is not an actor that can be played
     * @throws OnnxRuntimeUnavailableException when it is ONNX and there is nothing to play that with
     */
    static ActorModel read(Path file) throws IOException {
        return file.toString().toLowerCase(Locale.ROOT).endsWith(".onnx")
                ? OnnxModel.read(file)
                : ActorCheckpoint.read(file);
    }

    /** What errors call it, usually the path that it was read from. */
    String name();

    /** SHA-256 of the file's bytes, lower-case hex. */
    String sha256();

    /** A copy of the file's bytes. */
    byte[] bytes();

    /** The name that a copy of the file is kept under: {@code actor.pth} or {@code actor.onnx}. */
    String fileName();

    /** Length of the observation that it takes. */
    int stateDimension();

    /** Number of assets: one action each. */
    int actions();

    /** Width of the first hidden layer, where the format tells. */
    OptionalInt hiddenWidth();

    /**
     * The actor, ready to be played by one thread. To be closed after use.
     *
     * @throws OnnxRuntimeUnavailableException when it is ONNX and there is nothing to play that with any more
     */
    Policy newPolicy();
}
