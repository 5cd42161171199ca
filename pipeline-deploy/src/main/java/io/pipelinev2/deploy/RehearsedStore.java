package io.pipelinev2.deploy;

import io.pipelinev2.core.store.PipelineStore;
import io.pipelinev2.core.store.StoreReader;
import io.pipelinev2.core.store.StoreWriter;
import java.time.Instant;
import java.util.OptionalLong;
import java.util.function.Function;

/** A store whose writes are made as ever, and undone before anybody can see them: what would happen if they were not? */
final class RehearsedStore implements PipelineStore {

    private final PipelineStore store;

    RehearsedStore(PipelineStore store) {
        this.store = store;
    }

    /** Undoes a piece of work by failing it; what it came to is carried out in this. */
    private static final class Undone extends RuntimeException {
        private static final long serialVersionUID = 1L;

        private Undone() {
            super("rehearsed only", null, false, false);
        }
    }

    @Override
    public <T> T read(Function<StoreReader, T> work) {
        return store.read(work);
    }

    @Override
    public <T> T write(Function<StoreWriter, T> work) {
        Object[] result = new Object[1];
        try {
            store.<Object>write(tx -> {
                result[0] = work.apply(tx);
                throw new Undone();
            });
        } catch (Undone expected) {
            @SuppressWarnings("unchecked")
            T came = (T) result[0];
            return came;
        }
        throw new IllegalStateException("a rehearsed write was not undone");
    }

    @Override
    public OptionalLong version() {
        return store.version();
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
