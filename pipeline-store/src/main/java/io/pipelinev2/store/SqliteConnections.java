package io.pipelinev2.store;

import io.pipelinev2.core.Clock;
import io.pipelinev2.core.store.StoreException;
import io.pipelinev2.store.logging.StoreLogCode;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Deque;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.Semaphore;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One connection that writes, under a lock, and a few that read. SQLite has one writer at a time in any case; threads
 * that queue here take their turn, whereas connections that contend for the file's lock starve each other.
 */
final class SqliteConnections implements Connections {

    private static final Logger LOG = LoggerFactory.getLogger(SqliteConnections.class);
    private static final int READERS = 4;

    /**
     * How long the writer's pages stay in memory at most. Each page that was ever touched would stay in it otherwise, until it
     * is full, so that a daemon with little to do grows for days along with its database. Reading the hot pages again takes
     * milliseconds.
     */
    private static final Duration CACHE_LIFE = Duration.ofMinutes(5);

    private final SqliteFile file;
    private final ReentrantLock writing = new ReentrantLock(true);
    private final Semaphore reading = new Semaphore(READERS, true);
    private final Deque<Connection> idle = new ConcurrentLinkedDeque<>();
    private final Clock clock;
    private @Nullable Connection writer;
    private long cacheEmptied;
    private @Nullable PreparedStatement watcher;
    private volatile boolean closed;

    SqliteConnections(SqliteFile file) {
        this(file, Clock.system());
    }

    SqliteConnections(SqliteFile file, Clock clock) {
        this.file = file;
        this.clock = clock;
    }

    @Override
    public Session toRead() throws SQLException {
        reading.acquireUninterruptibly();
        try {
            requireOpen();
            Connection connection = idle.poll();
            return new Reader(connection != null ? connection : CachedStatements.over(file.connectToRead()));
        } catch (Throwable t) {
            reading.release();
            throw t;
        }
    }

    @Override
    public Session toWrite() throws SQLException {
        writing.lock();
        try {
            requireOpen();
            Connection connection = writer;
            if (connection == null) {
                connection = CachedStatements.over(file.connect());
                writer = connection;
                cacheEmptied = clock.nanoTime();
            }
            return new Writer(connection);
        } catch (Throwable t) {
            writing.unlock();
            throw t;
        }
    }

    /**
     * {@code data_version} tells what others have committed, others being all other connections; so it is asked for on one
     * that is used for nothing else.
     */
    @Override
    public synchronized OptionalLong version() throws SQLException {
        requireOpen();
        PreparedStatement question = watcher;
        if (question == null) {
            question = file.connectToRead().prepareStatement("pragma data_version");
            watcher = question;
        }
        try (ResultSet answer = question.executeQuery()) {
            return OptionalLong.of(answer.getLong(1));
        }
    }

    private synchronized void closeWatcher() {
        if (watcher != null) {
            try {
                closeQuietly(watcher.getConnection());
            } catch (SQLException e) {
                LOG.debug("The connection that watches the database was closed already", e);
            }
            watcher = null;
        }
    }

    /** Lets what is under way end, moves the log into the file, and closes. */
    @Override
    public void close() {
        closed = true;
        closeWatcher();
        reading.acquireUninterruptibly(READERS);
        writing.lock();
        try {
            for (Connection connection = idle.poll(); connection != null; connection = idle.poll()) {
                closeQuietly(connection);
            }
            if (writer != null) {
                checkpoint(writer);
                closeQuietly(writer);
                writer = null;
            }
        } finally {
            writing.unlock();
            reading.release(READERS);
        }
    }

    private void requireOpen() {
        if (closed) {
            throw new StoreException("The database " + file.path() + " was closed by this program");
        }
    }

    private static void checkpoint(Connection connection) {
        try (Statement statement = connection.createStatement()) {
            // not waiting: if another process is using the log, that process moves it
            statement.execute("pragma busy_timeout = 0");
            statement.execute("pragma wal_checkpoint(truncate)");
        } catch (SQLException e) {
            LOG.debug("The write-ahead log was left for another process to move", e);
        }
    }

    private static void emptyCache(Connection connection) {
        try (Statement statement = connection.createStatement()) {
            statement.execute("pragma shrink_memory");
        } catch (SQLException e) {
            LOG.debug("The pages held in memory were kept", e);
        }
    }

    private static void closeQuietly(Connection connection) {
        try {
            connection.close();
        } catch (SQLException e) {
            LOG.warn(StoreLogCode.CONNECTION_NOT_CLOSED, "A connection to the database could not be closed", e);
        }
    }

    private final class Reader implements Session {
        private final Connection connection;
        private boolean discarded;

        private Reader(Connection connection) {
            this.connection = connection;
        }

        @Override
        public Connection connection() {
            return connection;
        }

        @Override
        public void discard() {
            discarded = true;
        }

        @Override
        public void close() {
            if (discarded) {
                closeQuietly(connection);
            } else {
                idle.push(connection);
            }
            reading.release();
        }
    }

    private final class Writer implements Session {
        private final Connection connection;

        private Writer(Connection connection) {
            this.connection = connection;
        }

        @Override
        public Connection connection() {
            return connection;
        }

        @Override
        public void discard() {
            closeQuietly(connection);
            writer = null;
        }

        @Override
        public void close() {
            try {
                if (connection == writer && clock.nanoTime() - cacheEmptied > CACHE_LIFE.toNanos()) {
                    cacheEmptied = clock.nanoTime();
                    emptyCache(connection);
                }
            } finally {
                writing.unlock();
            }
        }
    }
}
