package io.pipelinev2.core.trial;

import io.pipelinev2.core.PipelineException;
import org.jspecify.annotations.Nullable;

/** A trial source cannot be read: missing, of the wrong kind, locked, or of an unknown schema. */
public class TrialSourceException extends PipelineException {

    public TrialSourceException(String message) {
        super(message);
    }

    public TrialSourceException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
