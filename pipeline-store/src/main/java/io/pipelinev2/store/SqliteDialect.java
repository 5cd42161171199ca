package io.pipelinev2.store;

import io.pipelinev2.core.Clock;
import io.pipelinev2.core.store.StaleStateException;
import io.pipelinev2.core.store.StatementRefusedException;
import io.pipelinev2.core.store.StoreException;
import io.pipelinev2.core.store.TransientStoreException;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.function.ToLongFunction;
import org.jooq.DSLContext;
import org.jooq.Record1;
import org.jooq.ResultQuery;
import org.jooq.SQLDialect;
import org.sqlite.SQLiteErrorCode;

/** SQLite. */
final class SqliteDialect implements Dialect {

    private final Path file;
    private final Duration patience;
    private final Clock clock;

    SqliteDialect(SqliteFile file, Clock clock) {
        this.file = file.path();
        this.patience = file.patience();
        this.clock = clock;
    }

    @Override
    public SQLDialect sql() {
        return SQLDialect.SQLITE;
    }

    @Override
    public String beginRead() {
        return "begin deferred";
    }

    /** Takes the write lock at once: one that reads first and then writes would fail if another wrote in between. */
    @Override
    public String beginWrite() {
        return "begin immediate";
    }

    @Override
    public Instant now(ToLongFunction<ResultQuery<Record1<Long>>> query) {
        return clock.now().truncatedTo(ChronoUnit.MILLIS);
    }

    @Override
    public String lastId() {
        return "select last_insert_rowid()";
    }

    /** A transaction that writes has the whole file to itself. */
    @Override
    public void lock(DSLContext sql, String name) {}

    @Override
    public StoreException translate(SQLException fault) {
        int extended = fault.getErrorCode() == 0 ? SQLiteErrorCode.UNKNOWN_ERROR.code : fault.getErrorCode();
        if (fault instanceof org.sqlite.SQLiteException own) {
            extended = own.getResultCode().code;
        }
        if (extended == SQLiteErrorCode.SQLITE_CONSTRAINT_UNIQUE.code
                || extended == SQLiteErrorCode.SQLITE_CONSTRAINT_PRIMARYKEY.code) {
            return new StaleStateException("The row is in %s already, so someone else stored it first: %s"
                    .formatted(file, fault.getMessage()));
        }
        // the low byte is the kind, the rest its shade
        SQLiteErrorCode kind = SQLiteErrorCode.getErrorCode(extended & 0xff);
        return switch (kind) {
            case SQLITE_BUSY, SQLITE_LOCKED, SQLITE_PROTOCOL ->
                new TransientStoreException(
                        "The database %s was locked by another process for %d s: another command, a backup or a database browser. 'fuser %s' names it; close it, or try again."
                                .formatted(file, patience.toSeconds(), file),
                        fault);
            case SQLITE_NOTADB ->
                new StoreException(
                        "The file %s is not an SQLite database. Choose another file for the state, or move this one away."
                                .formatted(file),
                        fault);
            case SQLITE_CORRUPT ->
                new StoreException(
                        "The database %s is damaged (%s). Restore a backup; 'sqlite3 %s .recover' may save what is left."
                                .formatted(file, fault.getMessage(), file),
                        fault);
            case SQLITE_CANTOPEN, SQLITE_READONLY, SQLITE_PERM, SQLITE_AUTH ->
                new StoreException(
                        "The database %s cannot be opened or written (%s). This user needs to write the file and its directory."
                                .formatted(file, fault.getMessage()),
                        fault);
            case SQLITE_FULL ->
                new StoreException(
                        "The disk of the database %s is full. Make room; nothing was changed.".formatted(file), fault);
            case SQLITE_IOERR ->
                new StoreException(
                        "The disk of the database %s failed (%s). Look at the system's log; nothing was changed."
                                .formatted(file, fault.getMessage()),
                        fault);
            default ->
                new StatementRefusedException(
                        "The database %s refused a statement: %s".formatted(file, fault.getMessage()), fault);
        };
    }
}
