package io.pipelinev2.store;

import io.pipelinev2.core.Clock;
import io.pipelinev2.core.store.PipelineStore;
import io.pipelinev2.core.store.StoreException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** The state in the database of an application that has connected to one already. */
public final class DataSourceStore {

    private DataSourceStore() {}

    /**
     * Opens the state in the database that this source connects to: PostgreSQL or SQLite, by the name that its driver gives.
     *
     * <p>Connections to PostgreSQL are used as they come, and must be in autocommit. Those to SQLite only say which file is
     * meant: what a write there promises depends on how its connection is set up, so the store makes its own.
     *
     * @param source stays the caller's, who closes it after the store
     * @return the state, for a pipeline's builder or for reading; the caller closes it
     * @throws StoreException if it cannot be connected to, is of another product, or is an SQLite database in memory; and as in
     *     {@link PostgresStore#open(DataSource)} and {@link SqliteStore#open(Path, Clock)}
     */
    @SuppressWarnings("exports")
    public static PipelineStore open(DataSource source) {
        @Nullable Path file;
        try (Connection connection = source.getConnection()) {
            String product = connection.getMetaData().getDatabaseProductName();
            if (product.equals("PostgreSQL")) {
                requireAutocommit(connection);
                file = null;
            } else if (product.equals("SQLite")) {
                file = file(connection);
            } else {
                throw new StoreException(
                        "The data source connects to %s. The state needs PostgreSQL or SQLite: give another data source, or none, and name a database in the configuration (`database`)."
                                .formatted(product));
            }
        } catch (SQLException e) {
            throw new StoreException(
                    "The data source gives no connection (%s). Check its settings, and that the database is up."
                            .formatted(e.getMessage()),
                    e);
        }
        return file == null ? PostgresStore.open(source) : SqliteStore.open(file);
    }

    private static void requireAutocommit(Connection connection) throws SQLException {
        if (!connection.getAutoCommit()) {
            throw new StoreException(
                    "The connections of the data source are not in autocommit. The state begins and ends transactions itself: set the pool's autocommit to true, or give a data source of its own.");
        }
    }

    private static Path file(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet databases = statement.executeQuery(
                        "select file from pragma_database_list where name = 'main' and file <> ''")) {
            if (!databases.next()) {
                throw new StoreException(
                        "The data source connects to an SQLite database in memory. The state needs a file: name one in its URL.");
            }
            return Path.of(databases.getString(1));
        }
    }
}
