package io.pipelinev2.core.store;

/** A row no longer stands as the writer had read it, so the write was refused and its transaction undone. */
public final class StaleStateException extends StoreException {

    public StaleStateException(String message) {
        super(message);
    }
}
