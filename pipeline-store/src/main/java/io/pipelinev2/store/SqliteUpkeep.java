package io.pipelinev2.store;

import io.pipelinev2.core.Clock;
import io.pipelinev2.core.store.StoreException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;

/** Looks after the state in an SQLite file. */
public final class SqliteUpkeep implements Upkeep {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final SqliteFile file;
    private final SqliteDialect dialect;

    private SqliteUpkeep(SqliteFile file) {
        this.file = file;
        this.dialect = new SqliteDialect(file, Clock.system());
    }

    /**
     * {@return the upkeep of the state in a file, which is not touched before something is asked of it}
     *
     * @param file the database; must be there by then
     */
    public static SqliteUpkeep of(Path file) {
        return of(file, PATIENCE);
    }

    static SqliteUpkeep of(Path file, Duration patience) {
        return new SqliteUpkeep(new SqliteFile(file, patience));
    }

    @Override
    public List<Check> checks() {
        return List.of(
                new Check("integrity", () -> ask(SqliteIntegrity::faults)),
                new Check("foreign keys", () -> ask(SqliteIntegrity::orphans)),
                new Check(
                        "schema version",
                        () -> ask(connection -> SchemaVersion.findings(
                                SchemaVersion.require(connection, file.path().toString())))));
    }

    @Override
    public Vacuumed vacuum() {
        file.requireExisting();
        try (Connection connection = file.connect();
                Statement statement = connection.createStatement()) {
            SchemaVersion.require(connection, file.path().toString());
            long before = bytes();
            statement.execute("vacuum");
            statement.execute("pragma optimize");
            boolean logEmptied = checkpoint(statement);
            return new Vacuumed(
                    before,
                    bytes(),
                    logEmptied
                            ? null
                            : "Others are reading, so the rewritten pages still lie in %s-wal; the room is given back once they have ended."
                                    .formatted(file.path()));
        } catch (SQLException e) {
            throw dialect.translate(e);
        } catch (IOException e) {
            throw new StoreException("The database %s cannot be measured: %s".formatted(file.path(), e), e);
        }
    }

    private interface Question {
        List<String> put(Connection connection) throws SQLException;
    }

    private List<String> ask(Question question) {
        file.requireExisting();
        try (Connection connection = file.connectToRead()) {
            return question.put(connection);
        } catch (SQLException e) {
            if (SqliteIntegrity.isDamage(e)) {
                return List.of(SqliteIntegrity.inWords(e));
            }
            throw dialect.translate(e);
        }
    }

    /** Moves the log into the file and empties it; false if somebody still reads from it. */
    private static boolean checkpoint(Statement statement) throws SQLException {
        try (ResultSet row = statement.executeQuery("pragma wal_checkpoint(truncate)")) {
            return row.next() && row.getInt(1) == 0;
        }
    }

    private long bytes() throws IOException {
        Path log = file.path().resolveSibling(file.path().getFileName() + "-wal");
        return Files.size(file.path()) + (Files.exists(log) ? Files.size(log) : 0);
    }
}
