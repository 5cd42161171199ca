package io.pipelinev2.core.trial;

import io.pipelinev2.core.PipelineException;
import org.jspecify.annotations.Nullable;

/** A trial source cannot be read: missing, of the wrong kind, locked, or of an unknown schema. */
public class TrialSourceException extends PipelineException {

    /**
     * An error without a cause of its own.
     *
     * @param message names the thing, the rule it broke and the next step
     */
    public TrialSourceException(String message) {
        super(message);
    }

    /**
     * An error that another one led to.
     *
     * @param message names the thing, the rule it broke and the next step
     * @param cause what led to it, or null
     */
    public TrialSourceException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
