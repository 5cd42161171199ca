package io.pipelinev2.store;

import io.pipelinev2.core.store.StoreException;
import java.sql.SQLException;
import java.time.Instant;
import java.util.function.ToLongFunction;
import org.jooq.DSLContext;
import org.jooq.Record1;
import org.jooq.ResultQuery;
import org.jooq.SQLDialect;

/** What differs between databases. Statements that only one of them understands stand in its dialect and nowhere else. */
interface Dialect {

    SQLDialect sql();

    /** The statement that begins a transaction which reads one consistent state and changes nothing. */
    String beginRead();

    /** The statement that begins a transaction which writes. */
    String beginWrite();

    /**
     * The wall time by which due times and leases are judged.
     *
     * @param query puts a question to the database
     */
    Instant now(ToLongFunction<ResultQuery<Record1<Long>>> query);

    /** Asks for the id that the latest insert on this connection was given. */
    String lastId();

    /** Keeps other transactions that name the same thing waiting until this one ends. */
    void lock(DSLContext sql, String name);

    /** The fault in words: what it concerns, the rule, the next step. */
    StoreException translate(SQLException fault);
}
