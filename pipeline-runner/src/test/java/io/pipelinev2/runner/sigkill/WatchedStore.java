package io.pipelinev2.runner.sigkill;

import io.pipelinev2.core.deployment.Deployment;
import io.pipelinev2.core.store.PipelineStore;
import io.pipelinev2.core.store.StoreReader;
import io.pipelinev2.core.store.StoreWriter;
import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;

/** A store that shows how each write changes the deployments: just before it is committed, and just after. */
final class WatchedStore implements PipelineStore {

    /** Sees what happens, in the thread in which it happens. */
    interface Watcher {
        void sees(Moment.Sight sight, List<Deployment> before, List<Deployment> after);
    }

    private record Written<T>(T result, List<Deployment> before, List<Deployment> after) {}

    private final PipelineStore store;
    private final Watcher watcher;

    WatchedStore(PipelineStore store, Watcher watcher) {
        this.store = store;
        this.watcher = watcher;
    }

    @Override
    public <T> T read(Function<StoreReader, T> work) {
        return store.read(work);
    }

    @Override
    public <T> T write(Function<StoreWriter, T> work) {
        AtomicReference<Written<T>> written = new AtomicReference<>();
        store.write(tx -> {
            List<Deployment> before = tx.deployments();
            T result = work.apply(tx);
            List<Deployment> after = tx.deployments();
            written.set(new Written<>(result, before, after));
            watcher.sees(Moment.Sight.UNCOMMITTED, before, after);
            return null;
        });
        watcher.sees(
                Moment.Sight.COMMITTED, written.get().before(), written.get().after());
        return written.get().result();
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
