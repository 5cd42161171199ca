package io.pipelinev2.runner.backup;

import io.pipelinev2.core.RefusedException;
import io.pipelinev2.runner.StateBinding;
import io.pipelinev2.runner.config.InertText;
import io.pipelinev2.store.SqliteSnapshot;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A backup whose every file was found to be what its manifest says, and whose database is whole. Nothing was changed to
 * find that out, neither in the backup nor in any home.
 */
public final class VerifiedBackup {

    private final Path directory;
    private final Manifest manifest;
    private final String id;

    private VerifiedBackup(Path directory, Manifest manifest, String id) {
        this.directory = directory;
        this.manifest = manifest;
        this.id = id;
    }

    /**
     * Verifies a backup.
     *
     * @throws BackupException if it is unfinished or damaged, or cannot be read
     * @throws RefusedException if its manifest names what no backup holds
     * @throws io.pipelinev2.core.store.StoreException if its database is of a newer schema, or of none
     */
    public static VerifiedBackup in(Path directory) {
        Path root = directory.toAbsolutePath().normalize();
        Path file = root.resolve(BackupLayout.MANIFEST);
        if (!Files.isRegularFile(file)) {
            throw new BackupException(
                    "There is no %s in %s: it is no backup, or one that was not finished. Nothing was restored; use another backup."
                            .formatted(BackupLayout.MANIFEST, root));
        }
        try {
            Manifest manifest = Manifest.read(file);
            for (BackedUpFile each : manifest.files()) {
                verify(root, each);
            }
            verifyDatabase(root, manifest);
            return new VerifiedBackup(root, manifest, PrivateFiles.content(file).sha256());
        } catch (IOException e) {
            throw new BackupException(
                    "The backup %s cannot be read: %s. Nothing was restored; check its permissions and its disk."
                            .formatted(root, e),
                    e);
        }
    }

    private static void verify(Path root, BackedUpFile file) throws IOException {
        Path path = root.resolve(file.path());
        if (!Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)) {
            throw damaged(root, file, Files.isSymbolicLink(path) ? "is a symbolic link" : "is missing");
        }
        // a link above it would lead elsewhere
        if (!path.toRealPath().equals(root.toRealPath().resolve(file.path()))) {
            throw damaged(root, file, "lies behind a symbolic link");
        }
        PrivateFiles.Content content = PrivateFiles.content(path);
        if (content.size() != file.size()) {
            throw damaged(root, file, "has %d bytes instead of %d".formatted(content.size(), file.size()));
        }
        if (!content.sha256().equals(file.sha256())) {
            throw damaged(root, file, "has the SHA-256 %s instead of %s".formatted(content.sha256(), file.sha256()));
        }
        String model = BackupLayout.sha256Of(file.path());
        if (!model.isEmpty() && !model.equals(content.sha256())) {
            throw damaged(root, file, "is not the model that its directory names");
        }
    }

    private static void verifyDatabase(Path root, Manifest manifest) throws IOException {
        SqliteSnapshot database = SqliteSnapshot.in(root.resolve(BackupLayout.DATABASE));
        List<String> faults = database.faults();
        if (!faults.isEmpty()) {
            throw new BackupException(
                    "The database in the backup %s is not whole: %s. Nothing was restored; use another backup."
                            .formatted(root, faults.get(0)));
        }
        database.schemaVersion();
        Optional<String> binding = manifest.has(BackupLayout.BINDING)
                ? Optional.of(Files.readString(root.resolve(BackupLayout.BINDING), StandardCharsets.ISO_8859_1)
                        .strip())
                : Optional.empty();
        if (!binding.equals(database.setting(StateBinding.SETTING))) {
            throw new BackupException(
                    "The paper accounts in the backup %s belong to another database than the one in it. Nothing was restored; use another backup."
                            .formatted(root));
        }
    }

    private static BackupException damaged(Path root, BackedUpFile file, String what) {
        return new BackupException("The backup %s is damaged: %s %s. Nothing was restored; use another backup."
                .formatted(root, InertText.of(file.path()), what));
    }

    /** The configuration in it. */
    public Path configuration() {
        return directory.resolve(BackupLayout.CONFIGURATION);
    }

    /** When it was begun. */
    public Instant createdAt() {
        return manifest.createdAt();
    }

    /** Tells it from every other backup. */
    String id() {
        return id;
    }

    List<BackedUpFile> files() {
        return manifest.files();
    }

    /**
     * Copies one of its files, which must still be what it was when it was verified.
     *
     * @throws BackupException if it is not
     */
    void copy(BackedUpFile file, Path target) throws IOException {
        PrivateFiles.Content copied = PrivateFiles.copy(directory.resolve(file.path()), target);
        if (copied.size() != file.size() || !copied.sha256().equals(file.sha256())) {
            throw damaged(directory, file, "was changed while it was restored");
        }
    }
}
