package io.pipelinev2.deploy.launch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;

/**
 * What tells the processes of one deployment of this home from all others, those of a copy of the home included: their
 * environment names the deployment's state directory, or they have its lock file open. A nonce alone does not, because a
 * copy of a home knows the same nonces.
 */
public final class Belonging {

    private final Path stateDirectory;
    private final DeploymentLock lock;

    /**
     * @param stateDirectory the deployment's own directory; need not exist yet
     */
    public Belonging(Path stateDirectory, DeploymentLock lock) {
        this.stateDirectory = stateDirectory;
        this.lock = lock;
    }

    /** The directory as it is written into a process's environment: however the home is spelt, it is the same text. */
    static String nameOf(Path stateDirectory) {
        try {
            return stateDirectory.toRealPath().toString();
        } catch (IOException notThereYet) {
            return stateDirectory.toAbsolutePath().normalize().toString();
        }
    }

    String stateDirectory() {
        return nameOf(stateDirectory);
    }

    DeploymentLock lock() {
        return lock;
    }

    /** The lock file by device and inode, which a move of the home does not change; null if there is none. */
    @Nullable
    Object lockKey() {
        try {
            return Files.readAttributes(lock.file(), BasicFileAttributes.class).fileKey();
        } catch (IOException none) {
            return null;
        }
    }
}
