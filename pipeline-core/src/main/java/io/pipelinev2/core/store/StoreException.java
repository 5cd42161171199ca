package io.pipelinev2.core.store;

import io.pipelinev2.core.PipelineException;
import org.jspecify.annotations.Nullable;

/** The store cannot be reached, read or written. */
public class StoreException extends PipelineException {

    public StoreException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    public StoreException(String message) {
        super(message);
    }
}
