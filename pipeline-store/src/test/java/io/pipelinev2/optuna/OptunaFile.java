package io.pipelinev2.optuna;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A storage on disk that a test may write to as Optuna does, and worse. */
final class OptunaFile {

    private final Path path;

    private OptunaFile(Path path) {
        this.path = path;
    }

    /** A copy of one that real Optuna wrote. */
    static OptunaFile copyOf(String resource, Path directory) {
        Path copy = directory.resolve(resource);
        try (InputStream in =
                Objects.requireNonNull(OptunaFile.class.getResourceAsStream("/optuna/" + resource), resource)) {
            Files.copy(in, copy);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return new OptunaFile(copy);
    }

    /** Optuna's schema without a single study. */
    static OptunaFile empty(Path directory) throws SQLException {
        OptunaFile file = copyOf("old-v4.9.0.db", directory);
        file.execute(
                "delete from trial_params",
                "delete from trial_user_attributes",
                "delete from trial_values",
                "delete from trials",
                "delete from study_directions",
                "delete from studies");
        return file;
    }

    Path path() {
        return path;
    }

    OptunaTrialSource source(String... studies) {
        return source(new Notices(text -> {}), studies);
    }

    OptunaTrialSource source(Notices notices, String... studies) {
        return OptunaTrialSource.of(
                path.toString(), path.getParent(), studies.length == 0 ? List.of("*") : List.of(studies), notices);
    }

    Connection connect() throws SQLException {
        return DriverManager.getConnection("jdbc:sqlite:" + path);
    }

    void execute(String... statements) throws SQLException {
        try (Connection connection = connect()) {
            execute(connection, statements);
        }
    }

    static void execute(Connection connection, String... statements) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    void update(String sql, @Nullable Object... arguments) throws SQLException {
        try (Connection connection = connect()) {
            update(connection, sql, arguments);
        }
    }

    static void update(Connection connection, String sql, @Nullable Object... arguments) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < arguments.length; i++) {
                statement.setObject(i + 1, arguments[i]);
            }
            statement.executeUpdate();
        }
    }

    OptunaFile study(long id, String name, String... directions) throws SQLException {
        update("insert into studies (study_id, study_name) values (?, ?)", id, name);
        for (int objective = 0; objective < directions.length; objective++) {
            update(
                    "insert into study_directions (study_id, objective, direction) values (?, ?, ?)",
                    id,
                    objective,
                    directions[objective]);
        }
        return this;
    }

    OptunaFile trial(long id, long study, @Nullable Object number, @Nullable String start, double... values)
            throws SQLException {
        try (Connection connection = connect()) {
            trial(connection, id, study, number, start, values);
        }
        return this;
    }

    /** In one transaction, as Optuna commits the end of a trial. */
    static void trial(
            Connection connection,
            long id,
            long study,
            @Nullable Object number,
            @Nullable String start,
            double... values)
            throws SQLException {
        execute(connection, "begin immediate");
        update(
                connection,
                "insert into trials (trial_id, study_id, number, state, datetime_start) values (?, ?, ?, 'COMPLETE', ?)",
                id,
                study,
                number,
                start);
        for (int objective = 0; objective < values.length; objective++) {
            boolean infinite = Double.isInfinite(values[objective]);
            update(
                    connection,
                    "insert into trial_values (trial_id, objective, value, value_type) values (?, ?, ?, ?)",
                    id,
                    objective,
                    infinite ? null : values[objective],
                    infinite ? (values[objective] > 0 ? "INF_POS" : "INF_NEG") : "FINITE");
        }
        execute(connection, "commit");
    }

    OptunaFile parameter(long trial, String name, @Nullable Object value, @Nullable String distribution)
            throws SQLException {
        update(
                "insert into trial_params (trial_id, param_name, param_value, distribution_json) values (?, ?, ?, ?)",
                trial,
                name,
                value,
                distribution);
        return this;
    }

    OptunaFile userAttribute(long trial, String key, @Nullable String json) throws SQLException {
        update("insert into trial_user_attributes (trial_id, \"key\", value_json) values (?, ?, ?)", trial, key, json);
        return this;
    }

    String sha256() throws Exception {
        return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(path)));
    }

    /** The names of all files beside it, its own included. */
    TreeSet<String> neighbours() throws IOException {
        try (Stream<Path> files = Files.list(path.getParent())) {
            TreeSet<String> names = new TreeSet<>();
            files.forEach(file -> names.add(file.getFileName().toString()));
            return names;
        }
    }
}
