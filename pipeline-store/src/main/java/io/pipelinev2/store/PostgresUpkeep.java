package io.pipelinev2.store;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.flywaydb.core.api.MigrationVersion;

/** Looks after the state in a PostgreSQL schema. The server sees to the integrity of its files and keys by itself. */
public final class PostgresUpkeep implements Upkeep {

    private static final int PATIENCE_SECONDS = 30;

    private final PostgresUrl url;
    private final PostgresDialect dialect;

    private PostgresUpkeep(PostgresUrl url) {
        this.url = url;
        this.dialect = new PostgresDialect(url.name());
    }

    /**
     * {@return the upkeep of the state in a database, which is not connected to before something is asked of it}
     *
     * @param url as in {@link PostgresStore#open(String)}
     */
    public static PostgresUpkeep of(String url) {
        return new PostgresUpkeep(PostgresUrl.of(url));
    }

    @Override
    public List<Check> checks() {
        return List.of(new Check("schema version", () -> {
            try (Connection connection = url.connect()) {
                return SchemaVersion.findings(version(connection));
            } catch (SQLException e) {
                throw dialect.translate(e);
            }
        }));
    }

    @Override
    public Vacuumed vacuum() {
        try (Connection connection = url.connect();
                Statement statement = connection.createStatement()) {
            version(connection);
            long before = bytes(statement);
            statement.execute("set lock_timeout = '" + PATIENCE_SECONDS + "s'");
            // its own tables by name: the database may be others' too
            statement.execute("vacuum analyze " + String.join(", ", tables(statement)));
            return new Vacuumed(before, bytes(statement), null);
        } catch (SQLException e) {
            throw dialect.translate(e);
        }
    }

    private MigrationVersion version(Connection connection) throws SQLException {
        if (connection.getSchema() == null) {
            throw SchemaVersion.noState(url.name());
        }
        return SchemaVersion.require(connection, url.name());
    }

    private static List<String> tables(Statement statement) throws SQLException {
        List<String> tables = new ArrayList<>();
        try (ResultSet rows =
                statement.executeQuery("select quote_ident(table_schema) || '.' || quote_ident(table_name)"
                        + " from information_schema.tables where table_schema = current_schema()"
                        + " and table_type = 'BASE TABLE' order by 1")) {
            while (rows.next()) {
                tables.add(rows.getString(1));
            }
        }
        return tables;
    }

    private static long bytes(Statement statement) throws SQLException {
        try (ResultSet row = statement.executeQuery("select coalesce(sum(pg_total_relation_size(c.oid)), 0)"
                + " from pg_class c join pg_namespace n on n.oid = c.relnamespace"
                + " where n.nspname = current_schema() and c.relkind = 'r'")) {
            row.next();
            return row.getLong(1);
        }
    }
}
