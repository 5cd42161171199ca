package io.pipelinev2.store;

import io.pipelinev2.core.Clock;
import io.pipelinev2.core.store.StoreException;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import org.sqlite.BusyHandler;
import org.sqlite.SQLiteConfig;

/** An SQLite file, and how it is connected to. */
final class SqliteFile {

    /** Of the connection that writes; with SQLite's own 2 MB half of the time goes into reading the same pages again. */
    private static final int WRITER_CACHE_KIB = 16_384;

    /** What others commit empties the cache of a connection that reads, so it is of use within one query alone. */
    private static final int READER_CACHE_KIB = 2_048;

    private final Path path;
    private final Duration patience;

    /**
     * @param patience how long a statement waits for another process to give up its lock
     */
    SqliteFile(Path path, Duration patience) {
        this.path = path.toAbsolutePath().normalize();
        this.patience = patience;
    }

    Duration patience() {
        return patience;
    }

    Path path() {
        return path;
    }

    /** Refuses to go on without a file: connecting would make an empty one. */
    void requireExisting() {
        if (!Files.isRegularFile(path)) {
            throw new StoreException(
                    "There is no database %s. Correct `database` in the configuration, or begin a state with `once` or `run`."
                            .formatted(path));
        }
    }

    /** Makes the file if there is none, readable for its owner alone; SQLite gives the files beside it the same mode. */
    void createIfMissing() {
        Path directory = path.getParent();
        if (directory == null || Files.isDirectory(path)) {
            throw new StoreException(
                    "The database %s is a directory; name a file in it, such as pipeline_v2.db".formatted(path));
        }
        try {
            Files.createDirectories(directory);
            if (!Files.exists(path)) {
                createPrivate();
            }
        } catch (FileAlreadyExistsException e) {
            if (!Files.isRegularFile(path)) {
                throw cannotMake(e);
            }
        } catch (IOException e) {
            throw cannotMake(e);
        }
    }

    /**
     * Makes the file, empty and readable for its owner alone.
     *
     * @throws FileAlreadyExistsException if there is one
     */
    void createPrivate() throws IOException {
        if (path.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            Files.createFile(path, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        } else {
            Files.createFile(path);
        }
    }

    private StoreException cannotMake(IOException cause) {
        return new StoreException(
                "The database %s cannot be made: %s. Check that its directory may be written, or choose another place."
                        .formatted(path, cause),
                cause);
    }

    /** A connection on which every commit is on the disk before it returns. */
    Connection connect() throws SQLException {
        return connect(config());
    }

    /** A connection that refuses to change anything. */
    Connection connectToRead() throws SQLException {
        SQLiteConfig config = config();
        config.setCacheSize(-READER_CACHE_KIB);
        Connection connection = connect(config);
        try (Statement statement = connection.createStatement()) {
            statement.execute("pragma query_only = on");
            return connection;
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
    }

    /** A connection that lets a migration rebuild tables; what it did is checked as a whole afterwards. */
    Connection connectToMigrate() throws SQLException {
        SQLiteConfig config = config();
        config.enforceForeignKeys(false);
        return connect(config);
    }

    /** A connection to a file that nobody writes to any more; it leaves nothing beside the file either. */
    Connection connectToUnchanging() throws SQLException {
        SQLiteConfig config = config();
        config.setReadOnly(true);
        return config.createConnection(url() + "?immutable=1");
    }

    private Connection connect(SQLiteConfig config) throws SQLException {
        Connection connection = config.createConnection(url());
        try {
            BusyHandler.setHandler(connection, new SqliteWait(patience, Clock.system()));
            return connection;
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
    }

    /** As a URI: a '?' or '%' in the path would otherwise be taken for something else. */
    private String url() {
        return "jdbc:sqlite:" + path.toUri().toASCIIString();
    }

    private SQLiteConfig config() {
        SQLiteConfig config = new SQLiteConfig();
        config.setSynchronous(SQLiteConfig.SynchronousMode.FULL);
        config.enforceForeignKeys(true);
        // in KiB if negative
        config.setCacheSize(-WRITER_CACHE_KIB);
        // else the driver asks for the last id after every insert, whether or not anybody wants it
        config.setGetGeneratedKeys(false);
        config.setBusyTimeout((int) patience.toMillis());
        return config;
    }
}
