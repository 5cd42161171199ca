package io.pipelinev2.core.testkit;

import io.pipelinev2.core.store.PipelineStore;
import io.pipelinev2.core.store.StoreException;
import io.pipelinev2.core.store.StoreReader;
import io.pipelinev2.core.store.StoreWriter;
import java.time.Instant;
import java.util.OptionalLong;
import java.util.function.Function;

/** The store as one runner sees it, who reads and writes nothing any more once it is dead. */
final class MortalStore implements PipelineStore {

    private final PipelineStore store;
    private volatile boolean dead;

    MortalStore(PipelineStore store) {
        this.store = store;
    }

    void die() {
        dead = true;
    }

    boolean isDead() {
        return dead;
    }

    private PipelineStore alive() {
        if (dead) {
            throw new StoreException("This runner is dead, as the test wanted.");
        }
        return store;
    }

    @Override
    public <T> T read(Function<StoreReader, T> work) {
        return alive().read(work);
    }

    @Override
    public <T> T write(Function<StoreWriter, T> work) {
        return alive().write(work);
    }

    @Override
    public OptionalLong version() {
        return alive().version();
    }

    @Override
    public Instant now() {
        return store.now();
    }

    @Override
    public void close() {
        store.close();
    }
}
