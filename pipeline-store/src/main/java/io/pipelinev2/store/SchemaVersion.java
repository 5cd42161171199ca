package io.pipelinev2.store;

import io.pipelinev2.core.store.StoreException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.flywaydb.core.api.MigrationVersion;
import org.jspecify.annotations.Nullable;

/** Which version of the schema a database is at, and which one this program knows. */
final class SchemaVersion {

    /** The version of the newest migration; a test compares it with the files. */
    static final MigrationVersion NEWEST = MigrationVersion.fromVersion("7");

    static final String HISTORY = "flyway_schema_history";

    private SchemaVersion() {}

    /** Whether nothing is to be migrated. */
    static boolean isCurrent(Connection connection, String database) throws SQLException {
        MigrationVersion version = of(connection);
        if (version == null) {
            return false;
        }
        if (version.isNewerThan(NEWEST)) {
            throw new StoreException(
                    "The database %s is of schema version %s, and this program knows versions up to %s. Use the program that wrote it, or a newer one; nothing was changed."
                            .formatted(database, version, NEWEST));
        }
        return version.equals(NEWEST);
    }

    /** The version that the database is at, or null if it holds no state. */
    static @Nullable MigrationVersion of(Connection connection) throws SQLException {
        if (!hasHistory(connection)) {
            return null;
        }
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery("select version from " + HISTORY
                        + " where success and version is not null order by installed_rank desc limit 1")) {
            return row.next() ? MigrationVersion.fromVersion(row.getString(1)) : null;
        }
    }

    /**
     * The version of a database that must hold a state.
     *
     * @throws StoreException if it holds none
     */
    static MigrationVersion require(Connection connection, String database) throws SQLException {
        MigrationVersion version = of(connection);
        if (version == null) {
            throw noState(database);
        }
        return version;
    }

    static StoreException noState(String database) {
        return new StoreException(
                "The database %s does not hold the state of a pipeline. Name the one that does in the configuration (`database`); nothing was changed."
                        .formatted(database));
    }

    /** What there is to say of a version that is not this program's, in words. */
    static List<String> findings(MigrationVersion version) {
        if (version.equals(NEWEST)) {
            return List.of();
        }
        return List.of(
                version.isNewerThan(NEWEST)
                        ? "The schema is of version %s, and this program knows versions up to %s. Use the program that wrote it, or a newer one."
                                .formatted(version, NEWEST)
                        : "The schema is of version %s, and this program's is %s. The next command that opens the state brings it up to date; take a backup first."
                                .formatted(version, NEWEST));
    }

    static boolean hasHistory(Connection connection) throws SQLException {
        try (ResultSet table = connection.getMetaData().getTables(null, connection.getSchema(), HISTORY, null)) {
            return table.next();
        }
    }
}
