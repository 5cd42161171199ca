package io.pipelinev2.store;

import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.pool.HikariPool;
import io.pipelinev2.core.store.PipelineStore;
import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * The state in a schema of a PostgreSQL database. Several processes, on several machines, may have it open; due times and
 * leases are judged by the server's clock.
 */
public final class PostgresStore {

    private PostgresStore() {}

    /**
     * Opens the state in a database.
     *
     * @param url {@code postgresql://user:password@host:port/database?currentSchema=name}, or the same as a JDBC URL; the
     *     schema is {@code public} unless given, is made if there is none, and must have no other tables
     * @return the state, for a pipeline's builder or for reading; the caller closes it
     * @throws io.pipelinev2.core.store.StoreException if it cannot be reached or brought up to date, or is not the state
     *     of a pipeline
     */
    @SuppressWarnings("exports")
    public static PipelineStore open(String url) {
        PostgresUrl database = PostgresUrl.of(url);
        PostgresDialect dialect = new PostgresDialect(database.name());
        HikariDataSource pool;
        try {
            pool = new HikariDataSource(database.pool());
        } catch (HikariPool.PoolInitializationException e) {
            if (e.getCause() instanceof SQLException cause) {
                throw dialect.translate(cause);
            }
            throw e;
        }
        return open(pool, database.schema(), dialect, pool::close);
    }

    /**
     * Opens the state in the database that this source connects to.
     *
     * @param source stays the caller's, who closes it after the store; its connections must be in autocommit
     * @return the state, for a pipeline's builder or for reading; the caller closes it
     * @throws io.pipelinev2.core.store.StoreException as in {@link #open(String)}
     */
    @SuppressWarnings("exports")
    public static PipelineStore open(DataSource source) {
        return open(source, null, new PostgresDialect("PostgreSQL"), () -> {});
    }

    private static PipelineStore open(
            DataSource source, @Nullable String schema, PostgresDialect dialect, Runnable onClose) {
        try {
            prepare(source, schema, dialect);
            return new JooqPipelineStore(new PostgresConnections(source, onClose), dialect);
        } catch (SQLException e) {
            onClose.run();
            throw dialect.translate(e);
        } catch (Throwable t) {
            onClose.run();
            throw t;
        }
    }

    private static void prepare(DataSource source, @Nullable String schema, PostgresDialect dialect)
            throws SQLException {
        try (Connection connection = source.getConnection()) {
            // null: the schema has yet to be made
            if (connection.getSchema() != null) {
                if (SchemaVersion.isCurrent(connection, dialect.database())) {
                    return;
                }
                dialect.refuseForeign(connection);
            }
        }
        // takes a lock of its own, so that only one of several programs migrates
        Migrations.run(source, "postgresql", schema, dialect.database());
    }
}
