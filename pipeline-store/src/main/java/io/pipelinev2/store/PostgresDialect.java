package io.pipelinev2.store;

import io.pipelinev2.core.store.StaleStateException;
import io.pipelinev2.core.store.StatementRefusedException;
import io.pipelinev2.core.store.StoreException;
import io.pipelinev2.core.store.TransientStoreException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLTransientException;
import java.sql.Statement;
import java.time.Instant;
import java.util.Objects;
import java.util.Set;
import java.util.function.ToLongFunction;
import org.jooq.DSLContext;
import org.jooq.Record1;
import org.jooq.ResultQuery;
import org.jooq.SQLDialect;
import org.jooq.impl.DSL;
import org.jooq.impl.SQLDataType;

/** PostgreSQL. */
final class PostgresDialect implements Dialect {

    private static final String UNIQUE_VIOLATION = "23505";
    private static final Set<String> CONFLICTS = Set.of("40001", "40P01", "55P03");

    /** Connection lost or refused (08), the server out of means (53), stopping or starting (57). */
    private static final Set<String> OUTAGES = Set.of("08", "53", "57");

    private static final String NO_ACCESS = "28";

    private final String database;

    PostgresDialect(String database) {
        this.database = database;
    }

    /** Its name for people. */
    String database() {
        return database;
    }

    @Override
    public SQLDialect sql() {
        return SQLDialect.POSTGRES;
    }

    @Override
    public String beginRead() {
        return "begin isolation level repeatable read read only";
    }

    /** An update of a row that another transaction has just changed waits for it and then looks at the row again. */
    @Override
    public String beginWrite() {
        return "begin isolation level read committed read write";
    }

    @Override
    public Instant now(ToLongFunction<ResultQuery<Record1<Long>>> query) {
        return Instant.ofEpochMilli(query.applyAsLong(DSL.select(
                DSL.field("cast(floor(extract(epoch from clock_timestamp()) * 1000) as bigint)", SQLDataType.BIGINT))));
    }

    @Override
    public String lastId() {
        return "select lastval()";
    }

    @Override
    public void lock(DSLContext sql, String name) {
        sql.fetch("select pg_advisory_xact_lock(hashtext(current_schema() || {0}))", DSL.val(":" + name));
    }

    /** Refuses a schema that holds the tables of something else, such as Optuna's, which has some of the same names. */
    void refuseForeign(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row =
                        statement.executeQuery("select min(table_name), current_schema() from information_schema.tables"
                                + " where table_schema = current_schema() and not exists (select from information_schema.tables"
                                + " where table_schema = current_schema() and table_name = '" + SchemaVersion.HISTORY
                                + "')")) {
            if (row.next() && row.getString(1) != null) {
                throw new StoreException(
                        "The schema '%s' of the database %s belongs to another program (it has a table '%s'). The state needs a schema of its own: add ?currentSchema=pipeline to its URL. Nothing was changed."
                                .formatted(row.getString(2), database, row.getString(1)));
            }
        }
    }

    @Override
    public StoreException translate(SQLException fault) {
        String state = Objects.toString(rootState(fault), "");
        String kind = state.length() < 2 ? "" : state.substring(0, 2);
        if (state.equals(UNIQUE_VIOLATION)) {
            return new StaleStateException("The row is in %s already, so someone else stored it first: %s"
                    .formatted(database, fault.getMessage()));
        }
        if (CONFLICTS.contains(state)) {
            return new TransientStoreException(
                    "The database %s undid a transaction that got in the way of another (%s). Try again; nothing was changed."
                            .formatted(database, fault.getMessage()),
                    fault);
        }
        if (kind.equals(NO_ACCESS)) {
            return new StoreException(
                    "The database %s does not let this user in (%s). Check user and password in its URL, or the server's pg_hba.conf."
                            .formatted(database, fault.getMessage()),
                    fault);
        }
        if (OUTAGES.contains(kind) || fault instanceof SQLTransientException) {
            return new TransientStoreException(
                    "The database %s cannot be reached (%s). Check that the server runs and host and port are right; it is tried again."
                            .formatted(database, fault.getMessage()),
                    fault);
        }
        return new StatementRefusedException(
                "The database %s refused a statement: %s".formatted(database, fault.getMessage()), fault);
    }

    /** The pool wraps what the driver said. */
    private static String rootState(SQLException fault) {
        return fault.getSQLState() == null && fault.getCause() instanceof SQLException cause
                ? cause.getSQLState()
                : fault.getSQLState();
    }
}
