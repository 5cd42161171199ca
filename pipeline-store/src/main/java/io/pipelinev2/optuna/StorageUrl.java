package io.pipelinev2.optuna;

import io.pipelinev2.core.trial.TrialSourceException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads {@code optuna.storage} as Optuna, that is SQLAlchemy, reads it: three slashes before a relative path, four
 * before an absolute one, no percent-decoding, and options from the first question mark on.
 */
final class StorageUrl {

    // "C:\trials.db" is a path, not a URL: so either two slashes, or one of the schemes that people write with fewer.
    private static final Pattern URL = Pattern.compile("(?s)([A-Za-z][A-Za-z0-9+.\\-]*)://.*|(sqlite|jdbc|file):.*");

    private static final String FORMS =
            "Write sqlite:///PATH (relative to the home directory), sqlite:////PATH (absolute), or the plain path of"
                    + " an SQLite file.";

    private StorageUrl() {}

    /** @throws TrialSourceException if it names no storage, or one of a kind that cannot be read yet */
    static StorageLocation parse(String configured, Path home, Notices notices) {
        if (configured.isBlank()) {
            throw new TrialSourceException("optuna.storage is empty, but must say where the trials are. " + FORMS);
        }
        Matcher url = URL.matcher(configured);
        if (!url.matches()) {
            return file(configured, configured, home);
        }
        String scheme = (url.group(1) != null ? url.group(1) : url.group(2)).toLowerCase(Locale.ROOT);
        // "sqlite+pysqlite" names Python's driver; the file is the same
        if (scheme.equals("sqlite") || scheme.startsWith("sqlite+")) {
            return sqlite(configured, home, notices);
        }
        // never the whole of it: it may hold a password
        throw new TrialSourceException(
                "optuna.storage is a '%s:' URL, which is not supported yet. What is: SQLite. ".formatted(scheme)
                        + FORMS);
    }

    private static StorageLocation sqlite(String configured, Path home, Notices notices) {
        String rest = configured.substring(configured.indexOf(':') + 1);
        if (!rest.startsWith("///")) {
            throw new TrialSourceException("optuna.storage %s has too few slashes: after 'sqlite:' come three. "
                            .formatted(Quoted.of(configured))
                    + FORMS);
        }
        int options = rest.indexOf('?');
        String database = options < 0 ? rest.substring(3) : rest.substring(3, options);
        if (database.isBlank() || database.equals(":memory:")) {
            throw new TrialSourceException(
                    "optuna.storage %s is a database in memory, which only the process that made it can see. "
                                    .formatted(Quoted.of(configured))
                            + FORMS);
        }
        if (database.startsWith("file:")) {
            throw new TrialSourceException("optuna.storage %s is SQLite's own 'file:' form, which is not supported. "
                            .formatted(Quoted.of(configured))
                    + FORMS);
        }
        if (options >= 0) {
            notices.once("The options %s of optuna.storage are ignored: they are for Optuna. This reader always opens"
                            .formatted(Quoted.of(rest.substring(options)))
                    + " the file read-only and waits for locks in its own way.");
        }
        return file(database, configured, home);
    }

    private static StorageLocation file(String path, String configured, Path home) {
        try {
            return new StorageLocation.SqliteFile(home.resolve(path).toAbsolutePath());
        } catch (InvalidPathException e) {
            throw new TrialSourceException(
                    "optuna.storage %s is not a path (%s). ".formatted(Quoted.of(configured), e.getReason()) + FORMS,
                    e);
        }
    }
}
