package io.pipelinev2.core;

import org.jspecify.annotations.Nullable;

/**
 * Base of every exception that this library throws on purpose. The message names the thing, the rule it broke and the
 * next step.
 */
public class PipelineException extends RuntimeException {

    public PipelineException(String message) {
        super(message);
    }

    public PipelineException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
