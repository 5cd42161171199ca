package io.pipelinev2.optuna;

import io.pipelinev2.core.trial.TrialSourceException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteOpenMode;

/**
 * One connection per read, closed when the read returns: between two reads the optimiser is alone with its file.
 *
 * <p>Read-only, but never {@code immutable}: that would skip the locks and the write-ahead log, and serve half-written
 * rows. Where the optimiser has switched its file to write-ahead logging, SQLite itself may put the log's two companion
 * files ({@code -wal}, {@code -shm}) beside it even for a reader; the database file is not touched.
 */
final class SqliteReader {

    private final Path path;
    private final String url;
    private final SQLiteConfig config;
    private final Notices notices;

    SqliteReader(Path path, Duration busyTimeout, Notices notices) {
        this.path = path;
        // A URL rather than a path: the driver makes and deletes a file to probe a path that does not exist, and takes
        // a question mark for the beginning of its options. The URL's path is percent-encoded.
        this.url = "jdbc:sqlite:file:" + path.toUri().getRawPath() + "?mode=ro";
        this.config = new SQLiteConfig();
        config.setReadOnly(true);
        config.resetOpenMode(SQLiteOpenMode.CREATE);
        config.setBusyTimeout(Math.toIntExact(busyTimeout.toMillis()));
        this.notices = notices;
    }

    /** What is asked of an open connection. Must leave with plain rows in hand: no cursor outlives it. */
    @FunctionalInterface
    interface Question<T> {
        T ask(Connection connection) throws SQLException;
    }

    Path path() {
        return path;
    }

    /** @throws TrialSourceException if the file cannot be read, or is not a storage that can be understood */
    <T> T read(Question<T> question) {
        SqliteFiles.requireReadable(path);
        T answer;
        OptunaSchema schema;
        // autocommit throughout: each statement takes its own short lock
        try (Connection connection = config.createConnection(url)) {
            schema = OptunaSchema.of(connection);
            schema.requireReadable(path);
            answer = question.ask(connection);
        } catch (SQLException e) {
            throw SqliteFaults.explained(e, path);
        }
        schema.remark(path).ifPresent(notices::once);
        return answer;
    }
}
