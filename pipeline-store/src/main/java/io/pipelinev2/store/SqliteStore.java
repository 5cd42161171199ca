package io.pipelinev2.store;

import io.pipelinev2.core.Clock;
import io.pipelinev2.core.store.PipelineStore;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;

/**
 * The state in one SQLite file. Several processes may have it open: readers never wait, writers take turns. A write is on
 * the disk when it returns.
 */
public final class SqliteStore {

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private SqliteStore() {}

    /**
     * Opens the state in a file, by the machine's clock.
     *
     * @param file as in {@link #open(Path, Clock)}
     * @return the state, for a pipeline's builder or for reading; the caller closes it
     * @throws io.pipelinev2.core.store.StoreException as in {@link #open(Path, Clock)}
     */
    @SuppressWarnings("exports")
    public static PipelineStore open(Path file) {
        return open(file, Clock.system());
    }

    /**
     * Opens the state in a file. The file and its directory are made if there are none, and an older schema is brought up to
     * date.
     *
     * @param file on a local disk
     * @param clock the wall time by which due times and leases are judged
     * @return the state, for a pipeline's builder or for reading; the caller closes it
     * @throws io.pipelinev2.core.store.TransientStoreException if another process holds it for too long
     * @throws io.pipelinev2.core.store.StoreException if it cannot be made, opened or brought up to date, or is not the
     *     state of a pipeline
     */
    @SuppressWarnings("exports")
    public static PipelineStore open(Path file, Clock clock) {
        return open(new SqliteFile(file, PATIENCE), clock);
    }

    static PipelineStore open(SqliteFile database, Clock clock) {
        SqliteDialect dialect = new SqliteDialect(database, clock);
        database.createIfMissing();
        try {
            new SqliteSchema(database).prepare();
        } catch (SQLException e) {
            throw dialect.translate(e);
        }
        return new JooqPipelineStore(new SqliteConnections(database), dialect);
    }
}
