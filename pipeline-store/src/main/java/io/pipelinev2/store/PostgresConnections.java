package io.pipelinev2.store;

import io.pipelinev2.store.logging.StoreLogCode;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.OptionalLong;
import javax.sql.DataSource;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Connections of a pool; the server lets any of them read and write at the same time. */
final class PostgresConnections implements Connections {

    private static final Logger LOG = LoggerFactory.getLogger(PostgresConnections.class);

    private final DataSource source;
    private final Runnable onClose;

    PostgresConnections(DataSource source, Runnable onClose) {
        this.source = source;
        this.onClose = onClose;
    }

    @Override
    public Session toRead() throws SQLException {
        return new Pooled(source.getConnection());
    }

    @Override
    public Session toWrite() throws SQLException {
        return new Pooled(source.getConnection());
    }

    @Override
    public OptionalLong version() {
        return OptionalLong.empty();
    }

    @Override
    public void close() {
        onClose.run();
    }

    private record Pooled(Connection connection) implements Session {

        @Override
        public void discard() {
            try {
                // the pool sees that it is broken and drops it
                connection.abort(Runnable::run);
            } catch (SQLException e) {
                LOG.debug("A broken connection could not be aborted", e);
            }
        }

        @Override
        public void close() {
            try {
                connection.close();
            } catch (SQLException e) {
                LOG.warn(StoreLogCode.CONNECTION_NOT_RETURNED, "A connection could not be given back to the pool", e);
            }
        }
    }
}
