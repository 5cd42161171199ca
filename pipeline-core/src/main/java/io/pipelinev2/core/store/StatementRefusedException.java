package io.pipelinev2.core.store;

import org.jspecify.annotations.Nullable;

/** The store is well and refused what it was given: a value that is too large, say. Trying again would not help. */
public final class StatementRefusedException extends StoreException {

    public StatementRefusedException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
