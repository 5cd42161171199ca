package io.pipelinev2.bench;

import java.nio.file.Path;
import java.time.Duration;
import org.sqlite.SQLiteConfig;
import org.sqlite.SQLiteDataSource;

/** An SQLite file on which a commit is as durable as on the pipeline's: write-ahead log, every commit synced. */
final class WalFile {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private WalFile() {}

    static SQLiteDataSource at(Path file) {
        return at(file, SQLiteConfig.SynchronousMode.FULL);
    }

    /** For filling a file whose loss is no loss. */
    static SQLiteDataSource unsynced(Path file) {
        return at(file, SQLiteConfig.SynchronousMode.OFF);
    }

    private static SQLiteDataSource at(Path file, SQLiteConfig.SynchronousMode mode) {
        SQLiteConfig config = new SQLiteConfig();
        config.setJournalMode(SQLiteConfig.JournalMode.WAL);
        config.setSynchronous(mode);
        config.setBusyTimeout((int) PATIENCE.toMillis());
        SQLiteDataSource source = new SQLiteDataSource(config);
        source.setUrl("jdbc:sqlite:" + file);
        return source;
    }
}
