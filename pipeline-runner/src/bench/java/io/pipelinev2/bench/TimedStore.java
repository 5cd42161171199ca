package io.pipelinev2.bench;

import io.pipelinev2.core.store.PipelineStore;
import io.pipelinev2.core.store.StoreReader;
import io.pipelinev2.core.store.StoreWriter;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** A store that remembers when its write transactions began and were on the disk. */
final class TimedStore implements PipelineStore {

    /** One write transaction, in monotonic nanoseconds. */
    record Span(long began, long committed) {
        double millis() {
            return (committed - began) / 1e6;
        }
    }

    private final PipelineStore store;
    private final List<Span> spans = new ArrayList<>();

    TimedStore(PipelineStore store) {
        this.store = store;
    }

    /** The writes since this was last asked, in the order of their commits. */
    List<Span> take() {
        synchronized (spans) {
            List<Span> taken = List.copyOf(spans);
            spans.clear();
            return taken;
        }
    }

    @Override
    public <T> T read(Function<StoreReader, T> work) {
        return store.read(work);
    }

    @Override
    public <T> T write(Function<StoreWriter, T> work) {
        long began = System.nanoTime();
        T result = store.write(work);
        long committed = System.nanoTime();
        synchronized (spans) {
            spans.add(new Span(began, committed));
        }
        return result;
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
