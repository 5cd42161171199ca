package io.pipelinev2.core;

import org.jspecify.annotations.Nullable;

/**
 * Base of every exception that this library throws on purpose. The message names the thing, the rule it broke and the
 * next step.
 */
public class PipelineException extends RuntimeException {

    /**
     * An error without a cause of its own.
     *
     * @param message names the thing, the rule it broke and the next step
     */
    public PipelineException(String message) {
        super(message);
    }

    /**
     * An error that another one led to.
     *
     * @param message names the thing, the rule it broke and the next step
     * @param cause what led to it, or null
     */
    public PipelineException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
