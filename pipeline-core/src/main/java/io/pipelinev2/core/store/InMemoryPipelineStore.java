package io.pipelinev2.core.store;

import io.pipelinev2.core.Clock;
import java.time.Instant;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;

/**
 * A store that forgets everything when its process ends: for tests, for trying things out, and for embedding where
 * nothing has to last. It is as strict as the others and has their contract test.
 */
public final class InMemoryPipelineStore implements PipelineStore {

    private final ReentrantLock lock = new ReentrantLock();
    private final MemoryTables tables = new MemoryTables();
    private final Clock clock;
    private final AtomicLong commits = new AtomicLong();
    private boolean writing;
    private int reading;

    public InMemoryPipelineStore() {
        this(Clock.system());
    }

    public InMemoryPipelineStore(Clock clock) {
        this.clock = clock;
    }

    @Override
    public <T> T read(Function<StoreReader, T> work) {
        lock.lock();
        reading++;
        try {
            return work.apply(tables);
        } finally {
            reading--;
            lock.unlock();
        }
    }

    @Override
    public <T> T write(Function<StoreWriter, T> work) {
        lock.lock();
        try {
            if (writing) {
                throw new IllegalStateException("A write was begun inside a write. Use the writer that was given.");
            }
            if (reading > 0) {
                throw new IllegalStateException("A write was begun inside a read. End the read first.");
            }
            writing = true;
            boolean committed = false;
            try {
                T result = work.apply(tables);
                committed = true;
                return result;
            } finally {
                writing = false;
                if (committed) {
                    tables.keep();
                    commits.incrementAndGet();
                } else {
                    tables.undo();
                }
            }
        } finally {
            lock.unlock();
        }
    }

    @Override
    public OptionalLong version() {
        return OptionalLong.of(commits.get());
    }

    @Override
    public Instant now() {
        return clock.now();
    }

    @Override
    public void close() {}
}
