package io.pipelinev2.runner.init;

import io.pipelinev2.core.PipelineException;

/** A home cannot be made where it was asked for. */
public final class HomeUnwritableException extends PipelineException {

    HomeUnwritableException(String message, Throwable cause) {
        super(message, cause);
    }
}
