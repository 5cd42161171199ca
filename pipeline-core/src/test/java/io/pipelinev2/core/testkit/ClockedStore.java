package io.pipelinev2.core.testkit;

import io.pipelinev2.core.Clock;
import io.pipelinev2.core.store.PipelineStore;
import io.pipelinev2.core.store.StoreReader;
import io.pipelinev2.core.store.StoreWriter;
import java.time.Instant;
import java.util.OptionalLong;
import java.util.function.Function;

/** A store that goes by the clock of a test, even if it would go by that of its server. */
class ClockedStore implements PipelineStore {

    private final PipelineStore store;
    private final Clock clock;

    ClockedStore(PipelineStore store, Clock clock) {
        this.store = store;
        this.clock = clock;
    }

    @Override
    public <T> T read(Function<StoreReader, T> work) {
        return store.read(work);
    }

    @Override
    public <T> T write(Function<StoreWriter, T> work) {
        return store.write(work);
    }

    @Override
    public OptionalLong version() {
        return store.version();
    }

    @Override
    public Instant now() {
        return clock.now();
    }

    @Override
    public void close() {
        store.close();
    }
}
