package io.pipelinev2.core.execution;

import io.pipelinev2.core.PipelineException;

/** What was asked for is not possible as things stand; nothing was changed. */
public final class RefusedException extends PipelineException {

    public RefusedException(String message) {
        super(message);
    }
}
