package io.pipelinev2.core;

/** What was asked for is not possible as things stand; nothing was changed. */
public class RefusedException extends PipelineException {

    public RefusedException(String message) {
        super(message);
    }
}
