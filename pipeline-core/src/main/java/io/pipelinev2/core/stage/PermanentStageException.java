package io.pipelinev2.core.stage;

import io.pipelinev2.core.PipelineException;
import org.jspecify.annotations.Nullable;

/**
 * The work of a stage cannot be done for this trial, and trying again would not help. The trial fails at once. It says nothing
 * of other trials; if the cause is what all of them share, throw a {@link StageUnfitException}.
 */
public class PermanentStageException extends PipelineException {

    /**
     * An error without a cause of its own.
     *
     * @param message names the thing, the rule it broke and the next step
     */
    public PermanentStageException(String message) {
        super(message);
    }

    /**
     * An error that another one led to.
     *
     * @param message names the thing, the rule it broke and the next step
     * @param cause what led to it, or null
     */
    public PermanentStageException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
