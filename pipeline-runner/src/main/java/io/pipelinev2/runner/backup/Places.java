package io.pipelinev2.runner.backup;

import io.pipelinev2.core.RefusedException;
import io.pipelinev2.runner.UnfinishedRestore;
import java.io.IOException;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Where a restore stages what is new and keeps what is old: in the home, under the path that it has there. For a database
 * or configuration outside of the home it is beside the file, because only a rename on one file system is atomic.
 */
final class Places {

    private final Path home;
    private final String asideName;

    /**
     * @param time of the restore, as part of a name
     */
    Places(Path home, String time) {
        this.home = home;
        this.asideName = freeName(home, "before-restore-" + time);
    }

    private static String freeName(Path home, String name) {
        String free = name;
        for (int i = 2; Files.exists(home.resolve(free)); i++) {
            free = name + "-" + i;
        }
        return free;
    }

    Path staging() {
        return UnfinishedRestore.directory(home).resolve("new");
    }

    Path aside() {
        return home.resolve(asideName);
    }

    Path staged(Path target) {
        return isInHome(target)
                ? staging().resolve(home.relativize(target))
                : target.resolveSibling(target.getFileName() + ".restoring");
    }

    Path aside(Path target) {
        return isInHome(target)
                ? aside().resolve(home.relativize(target))
                : target.resolveSibling(target.getFileName() + "." + asideName);
    }

    private boolean isInHome(Path target) {
        return target.startsWith(home);
    }

    /**
     * Refuses what could not be moved by a rename.
     *
     * @throws RefusedException if it lies on another file system than its two other places
     */
    void refuseOtherFileSystem(Path target) throws IOException {
        FileStore here = Files.getFileStore(existing(target));
        FileStore there = Files.getFileStore(existing(staged(target)));
        if (!here.equals(there)) {
            throw new RefusedException(
                    "%s lies on another file system than the home %s, so it cannot be replaced by a rename, and the restore could not be undone. Restore into a home on one file system, then move that one part."
                            .formatted(target, home));
        }
    }

    private static Path existing(Path path) {
        Path existing = path;
        while (!Files.exists(existing)) {
            existing = PrivateFiles.directoryOf(existing);
        }
        return existing;
    }
}
