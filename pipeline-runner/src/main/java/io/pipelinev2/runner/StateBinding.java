package io.pipelinev2.runner;

import io.pipelinev2.core.store.PipelineStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.UUID;

/**
 * Binds a home's {@code state} directory to its database. Accounts in it are named by the database's ids, so with another
 * database a new deployment would meet an old one's account.
 */
public final class StateBinding {

    /** The setting in the database that holds the id of the directory that belongs to it. */
    public static final String SETTING = "state_directory";

    /** The file in the directory that holds the same id. */
    public static final String FILE = "database-id";

    private StateBinding() {}

    /**
     * @throws HomeLock.HomeUnavailableException if the directory belongs to another database, or cannot be written to
     */
    static void check(Path state, PipelineStore store) {
        Path file = state.resolve(FILE);
        try {
            Optional<String> found =
                    Files.exists(file) ? Optional.of(Files.readString(file).strip()) : Optional.empty();
            Optional<String> known = store.read(tx -> tx.setting(SETTING));
            if (found.isPresent() && !found.equals(known)) {
                throw new HomeLock.HomeUnavailableException(
                        ("The directory %s belongs to another database than the configured one: paper accounts of the one"
                                        + " must not go on under the deployments of the other. Name that database in the"
                                        + " configuration (`database`), or move the directory away to begin anew.")
                                .formatted(state),
                        null);
            }
            if (found.isEmpty()) {
                String id = known.orElseGet(() -> fresh(store));
                PrivateDirectory.make(state);
                Files.writeString(file, id + "\n");
            }
        } catch (IOException e) {
            throw new HomeLock.HomeUnavailableException(
                    "The directory %s cannot be read or written: %s. Fix its permissions or free its disk."
                            .formatted(state, e),
                    e);
        }
    }

    private static String fresh(PipelineStore store) {
        String id = UUID.randomUUID().toString();
        store.write(tx -> {
            tx.put(SETTING, id);
            return null;
        });
        return id;
    }
}
