package io.pipelinev2.core.stage;

import org.jspecify.annotations.Nullable;

/**
 * The work of a stage cannot be done for any trial as things stand: something that all of them share is missing or malformed.
 * The trial fails at once, as with every {@link PermanentStageException}; and because the cause is not in it, the stage is
 * held before it fails for all the others.
 */
public class StageUnfitException extends PermanentStageException {

    public StageUnfitException(String message) {
        super(message);
    }

    public StageUnfitException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
