package io.pipelinev2.store;

import io.pipelinev2.core.Clock;
import io.pipelinev2.core.store.StoreException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.sqlite.SQLiteErrorCode;

/**
 * The state as it stood at one moment, in an SQLite file that nobody writes to any more. It is looked into without being
 * changed, so an older schema stays what it is, and it may lie on a disk that is read-only.
 *
 * <p>It is taken with {@code VACUUM INTO} and not with SQLite's online backup API. Both read one consistent state and keep
 * no writer waiting. But the backup API begins again whenever another process wrote between two of its steps, so that
 * under the writes of a daemon it may never come to its end, and done in one step it has no advantage left; and it copies
 * pages, the free and the damaged ones too, where {@code VACUUM INTO} reads every row, fails on damage, and writes a
 * compact file. What {@code VACUUM INTO} does not do is to force that file onto the disk; that is done here.
 */
public final class SqliteSnapshot {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final SqliteFile file;
    private final SqliteDialect dialect;

    private SqliteSnapshot(SqliteFile file) {
        this.file = file;
        this.dialect = new SqliteDialect(file, Clock.system());
    }

    /**
     * {@return a snapshot that was taken earlier, not looked into yet}
     *
     * @param file where it lies
     */
    public static SqliteSnapshot in(Path file) {
        return new SqliteSnapshot(new SqliteFile(file, PATIENCE));
    }

    /**
     * Takes a snapshot of a state that others may be writing to. When this method returns, the file is on the disk, with
     * its name, and readable for its owner alone; when it throws, something incomplete may have been left in the file.
     *
     * @param database the file that holds the state
     * @param target a file that is not there yet
     * @return the snapshot in that file
     * @throws StoreException if there is no state to be read, or the target cannot be written
     */
    public static SqliteSnapshot take(Path database, Path target) {
        SqliteFile source = new SqliteFile(database, PATIENCE);
        source.requireExisting();
        SqliteFile copy = new SqliteFile(target, PATIENCE);
        try {
            copy.createPrivate();
            copy(source, copy.path());
            force(copy.path());
            force(Objects.requireNonNull(copy.path().getParent()));
        } catch (IOException e) {
            throw new StoreException(
                    "The snapshot %s cannot be written: %s. Check that its directory may be written and its disk has room."
                            .formatted(copy.path(), e),
                    e);
        }
        return new SqliteSnapshot(copy);
    }

    static void copy(SqliteFile source, Path target) {
        try (Connection connection = source.connect()) {
            SchemaVersion.require(connection, source.path().toString());
            try (PreparedStatement statement = connection.prepareStatement("vacuum into ?")) {
                statement.setString(1, target.toString());
                statement.execute();
            }
        } catch (SQLException e) {
            boolean isFull = (e.getErrorCode() & 0xff) == SQLiteErrorCode.SQLITE_FULL.code;
            throw new SqliteDialect(isFull ? new SqliteFile(target, PATIENCE) : source, Clock.system()).translate(e);
        }
    }

    private static void force(Path path) throws IOException {
        boolean directory = Files.isDirectory(path);
        try (FileChannel channel =
                FileChannel.open(path, directory ? StandardOpenOption.READ : StandardOpenOption.WRITE)) {
            channel.force(true);
        }
    }

    /**
     * {@return what is wrong with it, each fault in words; empty if it is whole}
     *
     * @throws StoreException if there is no such file, or it cannot be read
     */
    public List<String> faults() {
        file.requireExisting();
        try (Connection connection = file.connectToUnchanging()) {
            return SqliteIntegrity.faults(connection);
        } catch (SQLException e) {
            if (SqliteIntegrity.isDamage(e)) {
                return List.of(SqliteIntegrity.inWords(e));
            }
            throw dialect.translate(e);
        }
    }

    /**
     * {@return the version of its schema, such as {@code 6}}
     *
     * @throws StoreException if it is newer than this program, or cannot be read
     */
    public String schemaVersion() {
        return look(connection -> {
            String name = file.path().toString();
            SchemaVersion.isCurrent(connection, name);
            return SchemaVersion.require(connection, name).toString();
        });
    }

    /**
     * {@return the ids of its deployments, in ascending order}
     *
     * @throws StoreException if it cannot be read
     */
    public List<Long> deployments() {
        return look(connection -> {
            List<Long> ids = new ArrayList<>();
            try (Statement statement = connection.createStatement();
                    ResultSet rows = statement.executeQuery("select id from deployments order by id")) {
                while (rows.next()) {
                    ids.add(rows.getLong(1));
                }
            }
            return ids;
        });
    }

    /**
     * {@return a setting of the pipeline, or empty if it was never made}
     *
     * @param key its name, as {@link io.pipelinev2.core.store.StoreReader#setting} takes it
     * @throws StoreException if it cannot be read
     */
    public Optional<String> setting(String key) {
        return look(connection -> {
            try (PreparedStatement statement =
                    connection.prepareStatement("select value from settings where name = ?")) {
                statement.setString(1, key);
                try (ResultSet row = statement.executeQuery()) {
                    return row.next() ? Optional.of(row.getString(1)) : Optional.empty();
                }
            }
        });
    }

    private interface Look<T> {
        T at(Connection connection) throws SQLException;
    }

    private <T> T look(Look<T> look) {
        file.requireExisting();
        try (Connection connection = file.connectToUnchanging()) {
            return look.at(connection);
        } catch (SQLException e) {
            throw dialect.translate(e);
        }
    }
}
