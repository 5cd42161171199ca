package io.pipelinev2.runner.resilience;

import io.pipelinev2.core.store.PipelineStore;
import io.pipelinev2.core.store.StoreReader;
import io.pipelinev2.core.store.StoreWriter;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.function.Function;

/** A store without content, whose first calls fail as they are told to. */
final class FailingStore implements PipelineStore {

    private final Deque<RuntimeException> failures;
    int calls;
    boolean closed;

    FailingStore(RuntimeException... failures) {
        this.failures = new ArrayDeque<>(List.of(failures));
    }

    @Override
    public <T> T read(Function<StoreReader, T> work) {
        failOr();
        return work.apply(null);
    }

    @Override
    public <T> T write(Function<StoreWriter, T> work) {
        failOr();
        return work.apply(null);
    }

    private void failOr() {
        calls++;
        if (!failures.isEmpty()) {
            throw failures.pop();
        }
    }

    @Override
    public Instant now() {
        return Instant.EPOCH;
    }

    @Override
    public void close() {
        closed = true;
    }
}
