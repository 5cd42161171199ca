package io.pipelinev2.backtest.policy;

import io.pipelinev2.core.PipelineException;

/**
 * A model file was read and is not an actor that can be played: hostile, cut short, of another format, or of another
 * architecture. Reading it again gives the same answer, so this is never worth a retry; a file that could not be read at
 * all is an {@link java.io.IOException} instead.
 */
public final class CheckpointException extends PipelineException {

    /** @param message names the file, the rule that it breaks and the next step */
    public CheckpointException(String message) {
        super(message);
    }
}
