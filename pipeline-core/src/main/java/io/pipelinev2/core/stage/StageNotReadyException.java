package io.pipelinev2.core.stage;

import io.pipelinev2.core.PipelineException;
import java.time.Instant;

/**
 * Something that a stage needs has not arrived yet, such as a model that is copied from another machine. The trial waits,
 * held with this message as its reason; no attempt is used up. The stage itself must bound the wait.
 */
public final class StageNotReadyException extends PipelineException {

    private final transient Instant retryAt;

    /**
     * What is awaited, and until when.
     *
     * @param message what is awaited, in words
     * @param retryAt when to look again; at once if that is past
     */
    public StageNotReadyException(String message, Instant retryAt) {
        super(message);
        this.retryAt = retryAt;
    }

    /** {@return when to look again} */
    public Instant retryAt() {
        return retryAt;
    }
}
