package io.pipelinev2.core;

/** What was asked for is not possible as things stand; nothing was changed. */
public class RefusedException extends PipelineException {

    /**
     * A refusal.
     *
     * @param message what is not possible, and why
     */
    public RefusedException(String message) {
        super(message);
    }
}
