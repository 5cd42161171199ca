package io.pipelinev2.core.store;

import io.pipelinev2.core.monitoring.Event;
import io.pipelinev2.core.monitoring.PipelineRecords;
import io.pipelinev2.core.stage.Series;
import io.pipelinev2.core.stage.StageRun;
import io.pipelinev2.core.trial.Trial;
import io.pipelinev2.core.trial.TrialKey;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;

/**
 * The port to the one database that holds the whole truth. The rules of the state machine live above it, in core; a store
 * keeps rows, makes a piece of work atomic, and refuses a write whose row no longer stands as it was read.
 *
 * <p>Stores are safe for use by several threads and, but for the in-memory one, by several processes.
 */
public interface PipelineStore extends PipelineRecords {

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
    default List<Trial> trials() {
        return read(StoreReader::trials);
    }

    @Override
    default Optional<Trial> trial(TrialKey key) {
        return read(tx -> tx.trial(key));
    }

    @Override
    default List<StageRun> stages(TrialKey key) {
        return read(tx -> tx.trial(key).map(trial -> tx.stages(trial.id())).orElse(List.of()));
    }

    @Override
    default List<Series> series(TrialKey key, String stage) {
        return read(
                tx -> tx.trial(key).map(trial -> tx.seriesOf(trial.id(), stage)).orElse(List.of()));
    }

    @Override
    default List<Event> events(int limit) {
        return read(tx -> tx.events(null, limit));
    }

    @Override
    default List<Event> events(TrialKey key, int limit) {
        return read(
                tx -> tx.trial(key).map(trial -> tx.events(trial.id(), limit)).orElse(List.of()));
    }

    /**
     * What a pipeline can work on.
     *
     * @throws IllegalArgumentException if these records are no store of this project
     */
    static PipelineStore of(PipelineRecords records) {
        if (records instanceof PipelineStore store) {
            return store;
        }
        throw new IllegalArgumentException(
                "A pipeline works on a store of this project (SqliteStore, PostgresStore), not on a "
                        + records.getClass().getName() + ".");
    }
}
