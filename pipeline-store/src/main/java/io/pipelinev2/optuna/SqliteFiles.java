package io.pipelinev2.optuna;

import io.pipelinev2.core.trial.TrialSourceException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;

/**
 * What can be said of a database file without opening it. Opening and closing it with anything but SQLite would drop
 * the POSIX locks that SQLite holds on it in this process.
 */
final class SqliteFiles {

    private SqliteFiles() {}

    /** @throws TrialSourceException if it is missing, no regular file, or may not be read */
    static void requireReadable(Path path) {
        BasicFileAttributes attributes;
        try {
            attributes = Files.readAttributes(path, BasicFileAttributes.class);
        } catch (NoSuchFileException e) {
            throw missing(path, e);
        } catch (AccessDeniedException e) {
            throw unreadable(path, e);
        } catch (IOException e) {
            throw new TrialSourceException(
                    "The Optuna storage %s cannot be looked at: %s. Correct optuna.storage, or what stands in the way."
                            .formatted(path, e),
                    e);
        }
        if (attributes.isDirectory()) {
            throw new TrialSourceException(
                    ("The Optuna storage %s is a directory, but must be an SQLite file. Let optuna.storage name the file"
                                    + " in it.")
                            .formatted(path));
        }
        // opening a pipe would wait for its other end
        if (!attributes.isRegularFile()) {
            throw new TrialSourceException(
                    "The Optuna storage %s is not a regular file, but must be an SQLite file. Correct optuna.storage."
                            .formatted(path));
        }
        if (!Files.isReadable(path)) {
            throw unreadable(path, null);
        }
    }

    private static TrialSourceException missing(Path path, NoSuchFileException cause) {
        return new TrialSourceException(
                ("The Optuna storage %s does not exist, and is never created from here. Start the optimisation that"
                                + " writes it, or correct optuna.storage: sqlite:///PATH is relative to the home"
                                + " directory, sqlite:////PATH (four slashes) is absolute.")
                        .formatted(path),
                cause);
    }

    private static TrialSourceException unreadable(Path path, @Nullable AccessDeniedException cause) {
        return new TrialSourceException(
                ("The Optuna storage %s may not be read by this user (%s). Grant reading of the file, and searching of"
                                + " the directories above it.")
                        .formatted(path, System.getProperty("user.name")),
                cause);
    }

    /** Whether it looks like Optuna's journal. Only to be asked of what SQLite has refused as no database. */
    static boolean isJournal(Path path) {
        try (InputStream in = Files.newInputStream(path)) {
            String start = new String(in.readNBytes(200), StandardCharsets.UTF_8);
            return start.startsWith("{") && start.contains("\"op_code\"");
        } catch (IOException e) {
            return false;
        }
    }

    static boolean isEmpty(Path path) {
        try {
            return Files.size(path) == 0;
        } catch (IOException e) {
            return false;
        }
    }
}
