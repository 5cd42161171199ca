package io.pipelinev2.optuna;

import java.nio.file.Path;
import java.time.Duration;

/** Where a storage is, as the configuration tells it. One record per kind of storage. */
sealed interface StorageLocation {

    /** The storage there. Opens nothing. */
    OptunaStorage storage(Notices notices);

    /** An SQLite database file, by its absolute path. */
    record SqliteFile(Path path) implements StorageLocation {

        /** Longer than any commit of an optimiser takes, and at least what Optuna itself waits. */
        private static final Duration BUSY_TIMEOUT = Duration.ofSeconds(10);

        @Override
        public OptunaStorage storage(Notices notices) {
            return storage(notices, BUSY_TIMEOUT);
        }

        OptunaStorage storage(Notices notices, Duration busyTimeout) {
            return new SqliteStorage(new SqliteReader(path, busyTimeout, notices), notices);
        }
    }
}
