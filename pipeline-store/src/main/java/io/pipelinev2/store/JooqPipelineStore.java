package io.pipelinev2.store;

import io.pipelinev2.core.store.PipelineStore;
import io.pipelinev2.core.store.StoreReader;
import io.pipelinev2.core.store.StoreWriter;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.util.OptionalLong;
import java.util.function.Function;
import org.jooq.Configuration;
import org.jooq.DSLContext;
import org.jooq.conf.RenderQuotedNames;
import org.jooq.conf.Settings;
import org.jooq.impl.DSL;
import org.jooq.impl.DefaultConfiguration;
import org.jooq.impl.DefaultConnectionProvider;
import org.jooq.impl.DefaultExecuteListenerProvider;
import org.jspecify.annotations.Nullable;

/**
 * The one store over every database. Transactions are begun and ended by plain statements on connections that stay in
 * autocommit, so an idle connection never holds a lock, whatever its driver thinks of transactions.
 */
final class JooqPipelineStore implements PipelineStore {

    static {
        // a library does not greet
        System.getProperties().putIfAbsent("org.jooq.no-logo", "true");
        System.getProperties().putIfAbsent("org.jooq.no-tips", "true");
    }

    static final Settings SETTINGS = new Settings()
            .withRenderSchema(false)
            .withRenderQuotedNames(RenderQuotedNames.EXPLICIT_DEFAULT_UNQUOTED)
            .withExecuteLogging(false);

    private final Connections connections;
    private final Dialect dialect;
    private final Configuration configuration;
    private final ThreadLocal<@Nullable Transaction> current = new ThreadLocal<>();

    JooqPipelineStore(Connections connections, Dialect dialect) {
        this.connections = connections;
        this.dialect = dialect;
        this.configuration = new DefaultConfiguration().set(dialect.sql()).set(SETTINGS);
    }

    @Override
    public <T> T read(Function<StoreReader, T> work) {
        return reading(work::apply);
    }

    @Override
    public <T> T write(Function<StoreWriter, T> work) {
        Transaction enclosing = current.get();
        if (enclosing != null) {
            throw new IllegalStateException(
                    "write was called within a %s of the same thread; the two could not be one atomic unit. Do it in one write, or one after the other."
                            .formatted(enclosing.writes() ? "write" : "read"));
        }
        try (Connections.Session session = connections.toWrite()) {
            return transact(session, dialect.beginWrite(), true, work::apply);
        } catch (SQLException e) {
            throw dialect.translate(e);
        }
    }

    @Override
    public OptionalLong version() {
        try {
            return connections.version();
        } catch (SQLException e) {
            throw dialect.translate(e);
        }
    }

    @Override
    public Instant now() {
        return dialect.now(query -> reading(transaction -> transaction.ask(query)));
    }

    @Override
    public void close() {
        if (current.get() != null) {
            throw new IllegalStateException("close was called within a read or write of the same thread");
        }
        connections.close();
    }

    /** A read within another transaction of the same thread sees what that one sees, its own writes included. */
    private <T> T reading(Function<Transaction, T> work) {
        Transaction enclosing = current.get();
        if (enclosing != null) {
            return work.apply(enclosing);
        }
        try (Connections.Session session = connections.toRead()) {
            return transact(session, dialect.beginRead(), false, work);
        } catch (SQLException e) {
            throw dialect.translate(e);
        }
    }

    private <T> T transact(Connections.Session session, String begin, boolean writes, Function<Transaction, T> work)
            throws SQLException {
        Connection connection = session.connection();
        Faults faults = new Faults(dialect);
        DSLContext jooq = DSL.using(configuration
                .derive(new DefaultConnectionProvider(connection))
                .derive(new DefaultExecuteListenerProvider(faults)));
        Transaction transaction = new Transaction(new Sql(jooq, connection, dialect, faults), writes);
        execute(connection, begin);
        current.set(transaction);
        try {
            T result = work.apply(transaction);
            faults.rethrow();
            execute(connection, "commit");
            return result;
        } catch (Throwable failure) {
            try {
                execute(connection, "rollback");
            } catch (SQLException e) {
                failure.addSuppressed(e);
                session.discard();
            }
            throw failure;
        } finally {
            current.remove();
            transaction.end();
        }
    }

    private static void execute(Connection connection, String statement) throws SQLException {
        try (PreparedStatement prepared = connection.prepareStatement(statement)) {
            prepared.execute();
        }
    }
}
