package io.pipelinev2.bench;

import io.pipelinev2.core.store.PipelineStore;
import io.pipelinev2.core.store.StoreReader;
import io.pipelinev2.core.store.StoreWriter;
import java.time.Instant;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;

/** A store that counts its transactions: they are the lever, whatever the disk does that day. */
final class CountingStore implements PipelineStore {

    private final PipelineStore store;
    private final LongAdder reads = new LongAdder();
    private final LongAdder writes = new LongAdder();

    CountingStore(PipelineStore store) {
        this.store = store;
    }

    long reads() {
        return reads.sum();
    }

    long writes() {
        return writes.sum();
    }

    void reset() {
        reads.reset();
        writes.reset();
    }

    @Override
    public <T> T read(Function<StoreReader, T> work) {
        reads.increment();
        return store.read(work);
    }

    @Override
    public <T> T write(Function<StoreWriter, T> work) {
        writes.increment();
        return store.write(work);
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
