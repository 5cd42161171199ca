package io.pipelinev2.runner.http;

import io.pipelinev2.core.store.PipelineStore;
import io.pipelinev2.core.store.StoreException;
import io.pipelinev2.core.store.StoreReader;
import io.pipelinev2.core.store.StoreWriter;
import java.time.Instant;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;

/** A store that reads only once it is let. */
record StuckStore(PipelineStore store, CountDownLatch unlocked) implements PipelineStore {

    @Override
    public <T> T read(Function<StoreReader, T> work) {
        try {
            unlocked.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new StoreException("interrupted while it was locked");
        }
        return store.read(work);
    }

    @Override
    public <T> T write(Function<StoreWriter, T> work) {
        throw new StoreException("it is only read");
    }

    @Override
    public Instant now() {
        return store.now();
    }

    @Override
    public void close() {}
}
