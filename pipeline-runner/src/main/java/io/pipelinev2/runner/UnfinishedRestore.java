package io.pipelinev2.runner;

import io.pipelinev2.core.RefusedException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A home in the middle of a restore: part of what it holds is old and part is new. Nothing may open it then, because a
 * database that was moved aside a moment ago would be taken for one that was never made.
 */
public final class UnfinishedRestore {

    private UnfinishedRestore() {}

    /** Where a restore keeps what it is about to put in place. */
    public static Path directory(Path home) {
        return home.resolve("restoring");
    }

    /** The file that is there from the moment on from which a restore must be finished. */
    public static Path plan(Path home) {
        return directory(home).resolve("plan.json");
    }

    /**
     * Refuses a home whose restore was begun and is not finished.
     *
     * @throws RefusedException if it is such a one
     */
    public static void refuse(Path home) {
        if (Files.exists(plan(home))) {
            throw new RefusedException(
                    "A restore of the home %s was begun and is not finished, so what is in it does not go together. Wait for it to end; if it was interrupted, run `restore` with the same backup again, which completes it."
                            .formatted(home));
        }
    }
}
