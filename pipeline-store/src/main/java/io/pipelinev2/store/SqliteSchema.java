package io.pipelinev2.store;

import io.pipelinev2.core.store.StoreException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/** Makes an SQLite file ready: refuses foreign ones untouched, turns on the write-ahead log, migrates. */
final class SqliteSchema {

    private final SqliteFile file;

    SqliteSchema(SqliteFile file) {
        this.file = file;
    }

    void prepare() throws SQLException {
        try (Connection connection = file.connectToMigrate()) {
            refuseForeign(connection);
            useWriteAheadLog(connection);
            // the usual case, without the write lock: a command that only reads waits for nobody
            if (!SchemaVersion.isCurrent(connection, file.path().toString())) {
                migrate(connection);
            }
        }
    }

    private void refuseForeign(Connection connection) throws SQLException {
        String table = text(connection, "select min(name) from sqlite_master where type = 'table'");
        if (table != null && !SchemaVersion.hasHistory(connection)) {
            throw new StoreException(
                    "The file %s is the database of another program (it has a table '%s'). The state needs a file of its own: choose another name. Nothing was changed."
                            .formatted(file.path(), table));
        }
    }

    private void useWriteAheadLog(Connection connection) throws SQLException {
        if ("wal".equals(text(connection, "pragma journal_mode"))) {
            return;
        }
        String mode = switchToWriteAheadLog(connection);
        if (!"wal".equals(mode)) {
            throw new StoreException(
                    "The database %s cannot keep a write-ahead log (its journal mode stayed '%s'). It needs a local disk, not a network share."
                            .formatted(file.path(), mode));
        }
    }

    /** Waits by itself: SQLite does not call upon its busy timeout when two processes switch at the same time. */
    private @Nullable String switchToWriteAheadLog(Connection connection) throws SQLException {
        long patience = file.patience().toMillis();
        for (long waited = 0; ; waited += 20) {
            try {
                return text(connection, "pragma journal_mode = wal");
            } catch (SQLiteException e) {
                if ((e.getResultCode().code & 0xff) != SQLiteErrorCode.SQLITE_BUSY.code || waited >= patience) {
                    throw e;
                }
                LockSupport.parkNanos(20_000_000);
            }
        }
    }

    private void migrate(Connection connection) throws SQLException {
        execute(connection, "begin immediate");
        try {
            HeldConnection held = new HeldConnection(connection);
            // asked again, now that nobody else can be at it
            if (!SchemaVersion.isCurrent(connection, file.path().toString())) {
                Migrations.run(held.asDataSource(), "sqlite", null, file.path().toString());
            }
            String orphan = text(connection, "select \"table\" from pragma_foreign_key_check limit 1");
            if (held.rolledBack() || orphan != null) {
                throw new StoreException(
                        "The schema of the database %s could not be brought to version %s%s. Nothing was changed; this is a bug."
                                .formatted(
                                        file.path(),
                                        SchemaVersion.NEWEST,
                                        orphan == null ? "" : ": rows of '" + orphan + "' would refer to nothing"));
            }
            execute(connection, "commit");
        } catch (Throwable failure) {
            try {
                execute(connection, "rollback");
            } catch (SQLException e) {
                failure.addSuppressed(e);
            }
            throw failure;
        }
    }

    private static @Nullable String text(Connection connection, String query) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            return row.next() ? row.getString(1) : null;
        }
    }

    private static void execute(Connection connection, String statement) throws SQLException {
        try (Statement s = connection.createStatement()) {
            s.execute(statement);
        }
    }
}
