package io.pipelinev2.runner.backup;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Copies what a home's {@code state} holds while traders write to it. */
final class StateCopy {

    private final Path state;
    private final BackupDirectory backup;
    private final List<String> leftOut = new ArrayList<>();

    StateCopy(Path state, BackupDirectory backup) {
        this.state = state;
        this.backup = backup;
    }

    /** What was not followed: symbolic links, and files that are none. */
    List<String> leftOut() {
        return List.copyOf(leftOut);
    }

    /**
     * Copies the accounts of these deployments. One that the database does not know would be met, after a restore, by
     * the next deployment that is given its id.
     */
    void deployments(List<Long> ids) throws IOException {
        for (Long id : ids) {
            for (Path file : files(state.resolve("deployments").resolve(Long.toString(id)))) {
                copy(file);
            }
        }
    }

    /** Copies the models, each held against the SHA-256 that names it. */
    void models() throws IOException {
        for (Path file : files(state.resolve("models"))) {
            BackedUpFile copied = copy(file);
            if (copied != null && !copied.sha256().equals(BackupLayout.sha256Of(copied.path()))) {
                throw new BackupException(
                        "The model's copy %s is damaged: its SHA-256 is %s, and must be the name of its directory. Put that file back from an earlier backup or from where it was trained, then take the backup again."
                                .formatted(file, copied.sha256()));
            }
        }
    }

    private @Nullable BackedUpFile copy(Path file) throws IOException {
        String path = path(file);
        if (!BackupLayout.admits(path)) {
            return null;
        }
        try {
            return backup.copy(file, path);
        } catch (NoSuchFileException e) {
            if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
                throw e;
            }
            // it was there for a moment only
            return null;
        }
    }

    private String path(Path file) {
        StringBuilder path = new StringBuilder("state");
        state.relativize(file).forEach(name -> path.append('/').append(name));
        return path.toString();
    }

    /**
     * The regular files below a directory. Those of a deployment do not depend on each other: its account is one ledger that
     * is only appended to, and a copy that ends within a line stands where the line before does.
     */
    private List<Path> files(Path directory) throws IOException {
        List<Path> files = new ArrayList<>();
        if (!Files.exists(directory, LinkOption.NOFOLLOW_LINKS)) {
            return files;
        }
        Files.walkFileTree(directory, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
                if (attributes.isRegularFile()) {
                    files.add(file);
                } else {
                    leftOut.add(path(file));
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
                if (e instanceof NoSuchFileException) {
                    return FileVisitResult.CONTINUE;
                }
                throw e;
            }
        });
        files.sort(Comparator.naturalOrder());
        return files;
    }
}
