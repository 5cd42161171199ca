package io.pipelinev2.runner.http.action;

import io.pipelinev2.core.store.HandledRequest;
import io.pipelinev2.core.store.PipelineStore;
import io.pipelinev2.core.store.StoreReader;
import io.pipelinev2.core.store.StoreWriter;
import io.pipelinev2.runner.http.exchange.RequestKey;
import java.time.Instant;
import java.util.OptionalLong;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * A store whose writes are one operator's request: each first makes sure that what the operator saw still stands, and keeps
 * the answer under the request's key, all in the unit of work of the change itself. So a request is carried out once, on
 * what was seen, or not at all, whenever the process dies.
 */
final class GuardedStore implements PipelineStore {

    private final PipelineStore store;
    private final RequestKey key;
    private final Consumer<StoreReader> check;
    private final Function<Object, String> answer;

    /** The request was carried out before. */
    static final class HandledBefore extends RuntimeException {
        private static final long serialVersionUID = 1L;
        private final transient HandledRequest request;

        HandledBefore(HandledRequest request) {
            super("handled before", null, false, false);
            this.request = request;
        }

        HandledRequest request() {
            return request;
        }
    }

    /**
     * @param check throws if what the operator saw has moved on
     * @param answer what is answered, by what a write returns
     */
    GuardedStore(PipelineStore store, RequestKey key, Consumer<StoreReader> check, Function<Object, String> answer) {
        this.store = store;
        this.key = key;
        this.check = check;
        this.answer = answer;
    }

    @Override
    public <T> T read(Function<StoreReader, T> work) {
        return store.read(work);
    }

    @Override
    public <T> T write(Function<StoreWriter, T> work) {
        return store.write(tx -> {
            tx.handled(key.key()).ifPresent(before -> {
                throw new HandledBefore(before);
            });
            check.accept(tx);
            T result = work.apply(tx);
            tx.put(new HandledRequest(key.key(), key.fingerprint(), answer.apply(result), store.now()));
            return result;
        });
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
        throw new IllegalStateException("it belongs to somebody else");
    }
}
