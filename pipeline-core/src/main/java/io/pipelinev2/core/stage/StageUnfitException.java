package io.pipelinev2.core.stage;

import org.jspecify.annotations.Nullable;

/**
 * The work of a stage cannot be done for any trial as things stand: something that all of them share is missing or malformed.
 * The trial fails at once, as with every {@link PermanentStageException}; and because the cause is not in it, the stage is
 * held before it fails for all the others.
 */
public class StageUnfitException extends PermanentStageException {

    /**
     * An error without a cause of its own.
     *
     * @param message names the thing, the rule it broke and the next step
     */
    public StageUnfitException(String message) {
        super(message);
    }

    /**
     * An error that another one led to.
     *
     * @param message names the thing, the rule it broke and the next step
     * @param cause what led to it, or null
     */
    public StageUnfitException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
