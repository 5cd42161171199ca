package io.pipelinev2.core.store;

import java.time.Instant;
import java.util.OptionalLong;
import java.util.function.Function;

/**
 * The port to the one database that holds the whole truth. The rules of the state machine live above it, in core; a store
 * keeps rows, makes a piece of work atomic, and refuses a write whose row no longer stands as it was read.
 *
 * <p>Stores are safe for use by several threads and, but for the in-memory one, by several processes.
 */
public interface PipelineStore extends AutoCloseable {

    /**
     * Reads from one consistent state.
     *
     * @throws StoreException if the store cannot be read
     */
    <T> T read(Function<StoreReader, T> work);

    /**
     * Reads and writes as one atomic and durable unit. When this method returns, what was written outlives a crash; when
     * it throws, nothing was changed. The work may be run more than once, so it must have no effect but on the store.
     *
     * @throws StaleStateException if a row was changed by someone else
     * @throws StoreException if the store cannot be written
     */
    <T> T write(Function<StoreWriter, T> work);

    /**
     * Like {@link #write}, but starts over, a few times, if a row was changed by someone else meanwhile. For work that
     * reads all it needs within itself.
     *
     * @throws StaleStateException if that happened every time
     */
    default <T> T writeAfresh(Function<StoreWriter, T> work) {
        for (int again = 4; ; again--) {
            try {
                return write(work);
            } catch (StaleStateException e) {
                if (again == 0) {
                    throw e;
                }
            }
        }
    }

    /**
     * A number that is another once anybody, in whatever process, has committed a write since; empty if this store cannot
     * tell without a look at its rows. Asking costs far less than a {@link #read}.
     *
     * @throws StoreException if the store cannot be read
     */
    default OptionalLong version() {
        return OptionalLong.empty();
    }

    /** The wall time by which due times and leases are judged. */
    Instant now();

    @Override
    void close();
}
