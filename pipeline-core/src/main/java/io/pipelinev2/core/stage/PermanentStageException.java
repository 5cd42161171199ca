package io.pipelinev2.core.stage;

import io.pipelinev2.core.PipelineException;
import org.jspecify.annotations.Nullable;

/**
 * The work of a stage cannot be done for this trial, and trying again would not help. The trial fails at once. It says nothing
 * of other trials; if the cause is what all of them share, throw a {@link StageUnfitException}.
 */
public class PermanentStageException extends PipelineException {

    public PermanentStageException(String message) {
        super(message);
    }

    public PermanentStageException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
