package io.pipelinev2.optuna;

import io.pipelinev2.core.trial.TrialSourceException;
import java.nio.file.Path;
import java.sql.SQLException;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/** SQLite's error codes in words: what is wrong with which file, and what to do. */
final class SqliteFaults {

    private SqliteFaults() {}

    static TrialSourceException explained(SQLException fault, Path path) {
        if (!(fault instanceof SQLiteException known)) {
            return unexpected(fault, path);
        }
        SQLiteErrorCode code = known.getResultCode();
        return switch (code) {
            case SQLITE_BUSY,
                    SQLITE_BUSY_RECOVERY,
                    SQLITE_BUSY_SNAPSHOT,
                    SQLITE_BUSY_TIMEOUT,
                    SQLITE_LOCKED,
                    SQLITE_LOCKED_SHAREDCACHE -> locked(fault, path);
            case SQLITE_READONLY_ROLLBACK, SQLITE_READONLY_RECOVERY -> unrecovered(fault, path);
            case SQLITE_READONLY_DIRECTORY, SQLITE_READONLY_CANTINIT, SQLITE_READONLY_CANTLOCK ->
                walNeedsWriting(fault, path);
            case SQLITE_NOTADB -> notADatabase(fault, path);
            case SQLITE_CORRUPT, SQLITE_CORRUPT_INDEX, SQLITE_CORRUPT_SEQUENCE, SQLITE_CORRUPT_VTAB ->
                damaged(fault, path);
            case SQLITE_CANTOPEN, SQLITE_CANTOPEN_ISDIR, SQLITE_CANTOPEN_FULLPATH, SQLITE_PERM ->
                cannotOpen(fault, path);
            default -> unexpected(fault, path);
        };
    }

    private static TrialSourceException locked(SQLException fault, Path path) {
        return new TrialSourceException(
                ("The Optuna storage %s is locked by another process for longer than this reader waits. Nothing is"
                                + " lost: the next reading tries again. If it lasts, look for a program that keeps a"
                                + " transaction open on it.")
                        .formatted(path),
                fault);
    }

    private static TrialSourceException unrecovered(SQLException fault, Path path) {
        return new TrialSourceException(
                ("The Optuna storage %s needs recovery: a writer was killed in the middle of a commit, and the journal"
                                + " beside it must be played back first, which a reader may not do. Retry later: the"
                                + " next start of Optuna on this storage recovers it. Never delete the journal.")
                        .formatted(path),
                fault);
    }

    private static TrialSourceException walNeedsWriting(SQLException fault, Path path) {
        return new TrialSourceException(
                ("The Optuna storage %s uses write-ahead logging (WAL), and reading it needs the files -wal and -shm"
                                + " beside it, which cannot be made: the directory %s may not be written by this user"
                                + " (%s). Let this user write to the directory, or read a copy made with"
                                + " \"vacuum into\".")
                        .formatted(path, path.getParent(), System.getProperty("user.name")),
                fault);
    }

    private static TrialSourceException notADatabase(SQLException fault, Path path) {
        if (SqliteFiles.isJournal(path)) {
            return new TrialSourceException(
                    ("The Optuna storage %s is a journal file, which is not supported yet. What is: an SQLite file,"
                                    + " sqlite:///PATH. optuna.copy_study copies a study from one to the other.")
                            .formatted(path),
                    fault);
        }
        return new TrialSourceException(
                ("The Optuna storage %s is not an SQLite database (or is encrypted), but must be one. Let"
                                + " optuna.storage name the file that Optuna writes.")
                        .formatted(path),
                fault);
    }

    private static TrialSourceException damaged(SQLException fault, Path path) {
        return new TrialSourceException(
                ("The Optuna storage %s is damaged: SQLite says '%s'. Make a copy, run \"pragma integrity_check\" on"
                                + " the copy, and restore the storage from a backup or with sqlite3's .recover.")
                        .formatted(path, fault.getMessage()),
                fault);
    }

    private static TrialSourceException cannotOpen(SQLException fault, Path path) {
        try {
            // it was there a moment ago; if it has gone since, say that instead
            SqliteFiles.requireReadable(path);
        } catch (TrialSourceException plainer) {
            plainer.addSuppressed(fault);
            return plainer;
        }
        return new TrialSourceException(
                ("The Optuna storage %s, or a -wal or -shm file beside it, cannot be opened: SQLite says '%s'. Check"
                                + " the permissions of these files and of the directory for this user (%s).")
                        .formatted(path, fault.getMessage(), System.getProperty("user.name")),
                fault);
    }

    private static TrialSourceException unexpected(SQLException fault, Path path) {
        return new TrialSourceException(
                ("The Optuna storage %s could not be read: '%s'. The next reading tries again; if it lasts, check the"
                                + " disk, and with \"pragma integrity_check\" a copy of the file.")
                        .formatted(path, fault.getMessage()),
                fault);
    }
}
