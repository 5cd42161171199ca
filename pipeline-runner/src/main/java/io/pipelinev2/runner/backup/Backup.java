package io.pipelinev2.runner.backup;

import io.pipelinev2.core.Clock;
import io.pipelinev2.core.RefusedException;
import io.pipelinev2.runner.StateBinding;
import io.pipelinev2.runner.UnfinishedRestore;
import io.pipelinev2.runner.config.PipelineConfig;
import io.pipelinev2.store.SqliteSnapshot;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A consistent copy of a home: its database, its configuration, the paper accounts and the copies of the models. It is
 * taken while daemon, workers and traders run, and none of them waits for it. Not in it is what lies outside the home's
 * own state (market data, training results, Optuna's storage, logs), what is made again (the traders' runtime) and what
 * belongs to living processes (locks).
 *
 * @param directory where it is
 * @param files how many files it has
 * @param bytes how much room they take
 * @param leftOut paths that were not followed, such as symbolic links
 */
public record Backup(Path directory, int files, long bytes, List<String> leftOut) {

    public Backup {
        leftOut = List.copyOf(leftOut);
    }

    /**
     * Takes a backup. When this method returns, all of it is on the disk; when it throws, nothing was left that looks
     * like a backup.
     *
     * @param directory must not be there, or be empty
     * @throws RefusedException if the directory is not empty, or the home is one that cannot be copied like this
     * @throws BackupException if something cannot be read or written
     * @throws io.pipelinev2.core.store.StoreException if the database cannot be read, or its copy not be written
     */
    public static Backup take(PipelineConfig config, Path directory, Clock clock) {
        Path database =
                HomeDatabase.of(config, "Use `pg_dump` for it, and copy the directory state/ of the home after that.");
        UnfinishedRestore.refuse(config.home());
        Path target = directory.toAbsolutePath().normalize();
        refuseInside(config.state(), target);
        for (String part : List.of("", "deployments", "models", StateBinding.FILE)) {
            refuseLink(config.state().resolve(part));
        }
        try {
            BackupDirectory backup = BackupDirectory.begin(target);
            try {
                return write(config, database, backup, target, clock.now());
            } catch (IOException | RuntimeException e) {
                backup.discard();
                throw e;
            }
        } catch (IOException e) {
            throw new BackupException(
                    "The backup %s cannot be written: %s. Make room on its disk, or fix the permissions; what was written of it was taken back."
                            .formatted(target, e),
                    e);
        }
    }

    private static Backup write(
            PipelineConfig config, Path database, BackupDirectory backup, Path target, Instant begun)
            throws IOException {
        // The database first. An account that is ahead of it is nothing new: a trader writes first, and the daemon
        // reads.
        // A database that is ahead of the accounts would tell of steps that no account can show.
        SqliteSnapshot snapshot = SqliteSnapshot.take(database, backup.reserve(BackupLayout.DATABASE));
        List<String> faults = snapshot.faults();
        if (!faults.isEmpty()) {
            throw new BackupException(
                    "The database %s is not whole: %s. No backup was made, since it could not be restored; `db check` tells all."
                            .formatted(database, faults.get(0)));
        }
        String schemaVersion = snapshot.schemaVersion();
        backup.wrote(BackupLayout.DATABASE);
        backup.write(Files.readAllBytes(config.file()), BackupLayout.CONFIGURATION);
        binding(config, snapshot, backup);
        StateCopy state = new StateCopy(config.state(), backup);
        state.deployments(snapshot.deployments());
        state.models();
        Manifest manifest = new Manifest(
                begun,
                Backup.class.getPackage().getImplementationVersion(),
                schemaVersion,
                backup.files(),
                state.leftOut());
        backup.finish(manifest);
        return new Backup(target, manifest.files().size(), manifest.size(), manifest.leftOut());
    }

    /** Taken from the snapshot: the file may have been written after it, and would then belong to no database. */
    private static void binding(PipelineConfig config, SqliteSnapshot snapshot, BackupDirectory backup)
            throws IOException {
        Optional<String> id = snapshot.setting(StateBinding.SETTING);
        if (id.isEmpty()) {
            return;
        }
        Path file = config.state().resolve(StateBinding.FILE);
        if (Files.exists(file) && !Files.readString(file).strip().equals(id.get())) {
            throw new RefusedException(
                    "The directory %s belongs to another database than the configured one, so they make no home together. Name its database in the configuration (`database`)."
                            .formatted(config.state()));
        }
        backup.write((id.get() + "\n").getBytes(StandardCharsets.UTF_8), BackupLayout.BINDING);
    }

    private static void refuseInside(Path state, Path target) {
        if (target.startsWith(state.toAbsolutePath().normalize())) {
            throw new RefusedException(
                    "The backup cannot be in %s, which it copies. Name a directory elsewhere, best on another disk."
                            .formatted(state));
        }
    }

    private static void refuseLink(Path part) {
        if (Files.isSymbolicLink(part)) {
            throw new RefusedException(
                    "%s is a symbolic link, and a backup does not follow those out of the home. Put the directory itself there, such as with a mount."
                            .formatted(part));
        }
    }
}
