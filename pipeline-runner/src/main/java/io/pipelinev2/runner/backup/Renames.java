package io.pipelinev2.runner.backup;

import io.pipelinev2.runner.UnfinishedRestore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.function.Consumer;

/** Carries out what is left of a plan, however often it was interrupted. */
final class Renames {

    private final Path home;
    private final Consumer<String> beforeStep;

    Renames(Path home, Consumer<String> beforeStep) {
        this.home = home;
        this.beforeStep = beforeStep;
    }

    void carryOut(RestorePlan plan) throws IOException {
        for (Replacement each : plan.replacements()) {
            Path staged = each.staged();
            if (staged == null) {
                moveAside(each);
            } else if (isThere(staged)) {
                moveAside(each);
                PrivateFiles.makeDirectory(PrivateFiles.directoryOf(each.target()));
                rename(staged, each.target());
            }
        }
        beforeStep.accept("clean up");
        PrivateFiles.deleteTree(UnfinishedRestore.directory(home).resolve("new"));
        beforeStep.accept("forget the plan");
        // last: as long as it is there, the restore is unfinished
        Files.delete(UnfinishedRestore.plan(home));
        PrivateFiles.deleteTree(UnfinishedRestore.directory(home));
        PrivateFiles.force(home);
    }

    private void moveAside(Replacement replacement) throws IOException {
        if (!isThere(replacement.target())) {
            return;
        }
        if (isThere(replacement.aside())) {
            throw new BackupException(
                    "%s was moved aside by this restore, and is there again: another program has made it. End that program, move the file away, and run `restore` with the same backup again."
                            .formatted(replacement.target()));
        }
        PrivateFiles.makeDirectory(PrivateFiles.directoryOf(replacement.aside()));
        rename(replacement.target(), replacement.aside());
    }

    private void rename(Path from, Path to) throws IOException {
        beforeStep.accept("move " + home.relativize(from) + " to " + home.relativize(to));
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
        PrivateFiles.force(PrivateFiles.directoryOf(to));
        PrivateFiles.force(PrivateFiles.directoryOf(from));
    }

    private static boolean isThere(Path path) {
        return Files.exists(path, LinkOption.NOFOLLOW_LINKS);
    }
}
