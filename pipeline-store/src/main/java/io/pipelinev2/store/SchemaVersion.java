package io.pipelinev2.store;

import io.pipelinev2.core.store.StoreException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.flywaydb.core.api.MigrationVersion;

/** Which version of the schema a database is at, and which one this program knows. */
final class SchemaVersion {

    /** The version of the newest migration; a test compares it with the files. */
    static final MigrationVersion NEWEST = MigrationVersion.fromVersion("2");

    static final String HISTORY = "flyway_schema_history";

    private SchemaVersion() {}

    /** Whether nothing is to be migrated. */
    static boolean isCurrent(Connection connection, String database) throws SQLException {
        if (!hasHistory(connection)) {
            return false;
        }
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("select version from " + HISTORY
                        + " where success and version is not null order by installed_rank desc limit 1")) {
            if (!row.next()) {
                return false;
            }
            MigrationVersion version = MigrationVersion.fromVersion(row.getString(1));
            if (version.isNewerThan(NEWEST)) {
                throw new StoreException(
                        "The database %s is of schema version %s, and this program knows versions up to %s. Use the program that wrote it, or a newer one; nothing was changed."
                                .formatted(database, version, NEWEST));
            }
            return version.equals(NEWEST);
        }
    }

    static boolean hasHistory(Connection connection) throws SQLException {
        try (ResultSet table = connection.getMetaData().getTables(null, connection.getSchema(), HISTORY, null)) {
            return table.next();
        }
    }
}
