package io.pipelinev2.store;

import io.pipelinev2.core.stage.Series;
import io.pipelinev2.core.store.StoreException;
import io.pipelinev2.core.trial.TrialCounts;
import io.pipelinev2.core.trial.TrialKey;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a stage has measured of all trials, read from a state that is not opened: nothing is made or brought up to date, and
 * neither a pool nor a query builder is started. For commands that only look, and should be quick.
 *
 * @param measured the series of each trial
 * @param counts how many trials all studies have, as last seen
 */
public record StateGlance(Map<TrialKey, List<Series>> measured, TrialCounts counts) {

    private static final Duration PATIENCE = Duration.ofSeconds(2);

    private static final String MEASURED =
            "select s.label, t.trial_number, e.name, e.numbers from series e join trials t on t.trial_id = e.trial_id"
                    + " join studies s on s.id = t.study_id where e.stage_name = ? and e.basis = ? order by t.trial_id";

    private static final String COUNTS =
            "select coalesce(sum(complete_trials), 0), coalesce(sum(pruned_trials), 0), (select count(*) from trials)"
                    + " from studies";

    /** How a database is connected to. */
    private interface Connecting {
        Connection connect() throws SQLException;
    }

    private interface Condition {
        boolean holds(Connection connection) throws SQLException;
    }

    /**
     * Looks into an SQLite file.
     *
     * @param path the file, which need not be there
     * @param stage the name of the stage that has measured
     * @param basis as in {@link Series#basis}
     * @return empty if there is no file, or it holds no state of this program's schema
     * @throws StoreException if it cannot be read
     */
    public static Optional<StateGlance> ofSqlite(Path path, String stage, String basis) {
        return Files.isRegularFile(path)
                ? look(new SqliteFile(path, PATIENCE)::connectToRead, path.toString(), stage, basis, connection -> true)
                : Optional.empty();
    }

    /**
     * Looks into a PostgreSQL database.
     *
     * @param url as in {@link PostgresStore#open(String)}
     * @param stage the name of the stage that has measured
     * @param basis as in {@link Series#basis}
     * @return empty if it holds no state of this program's schema
     * @throws StoreException if it cannot be reached or read
     */
    public static Optional<StateGlance> ofPostgres(String url, String stage, String basis) {
        PostgresUrl database = PostgresUrl.of(url);
        return look(database::connect, database.toString(), stage, basis, connection -> connection.getSchema() != null);
    }

    /** @param holdsSchema whether there is a schema to look into: without one, the tables of another would be found */
    private static Optional<StateGlance> look(
            Connecting database, String name, String stage, String basis, Condition holdsSchema) {
        try (Connection connection = database.connect()) {
            return holdsSchema.holds(connection) && SchemaVersion.NEWEST.equals(SchemaVersion.of(connection))
                    ? Optional.of(new StateGlance(measured(connection, stage, basis), counts(connection)))
                    : Optional.empty();
        } catch (SQLException e) {
            throw new StoreException(
                    "The database %s cannot be looked into: %s. See what `db check` says."
                            .formatted(name, e.getMessage()),
                    e);
        }
    }

    private static Map<TrialKey, List<Series>> measured(Connection connection, String stage, String basis)
            throws SQLException {
        Map<TrialKey, List<Series>> measured = new LinkedHashMap<>();
        try (PreparedStatement statement = connection.prepareStatement(MEASURED)) {
            statement.setString(1, stage);
            statement.setString(2, basis);
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    measured.computeIfAbsent(new TrialKey(rows.getString(1), rows.getInt(2)), key -> new ArrayList<>())
                            .add(new Series(rows.getString(3), basis, SeriesRows.numbers(rows.getBytes(4))));
                }
            }
        }
        return measured;
    }

    private static TrialCounts counts(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(COUNTS)) {
            row.next();
            return new TrialCounts(Math.max(row.getLong(1), row.getLong(3)), row.getLong(2));
        }
    }
}
