package io.pipelinev2.core.store;

import org.jspecify.annotations.Nullable;

/** The store could not do it this time (locked, connection lost); nothing was changed, and trying again may help. */
public final class TransientStoreException extends StoreException {

    public TransientStoreException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
