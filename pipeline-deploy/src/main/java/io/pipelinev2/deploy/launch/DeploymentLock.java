package io.pipelinev2.deploy.launch;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The kernel lock that a deployment's process holds for its whole life, and every process that it started with it. It is
 * taken and probed by util-linux {@code flock} only: Java's file locks are of another kind, and the two do not exclude
 * each other.
 */
public final class DeploymentLock {

    /** The exit code of a start that found the lock held. */
    public static final int HELD = 75;

    /**
     * How long a start waits for the lock before it gives up, in seconds. A probe holds the lock for a moment, and must
     * never be why a start finds it held.
     */
    private static final int PATIENCE_SECONDS = 2;

    private final Path file;

    /**
     * @param file the lock file; made by the first start
     */
    public DeploymentLock(Path file) {
        this.file = file.toAbsolutePath().normalize();
    }

    public Path file() {
        return file;
    }

    /**
     * Whether some process holds it.
     *
     * @throws LaunchException if that cannot be told
     */
    public boolean isHeld() {
        if (!Files.exists(file)) {
            return false;
        }
        // Shared: two probes at a time do not take each other for a holder.
        int code = Programs.run(List.of(
                Programs.find("flock").toString(), "-s", "-n", "-E", Integer.toString(HELD), file.toString(), "true"));
        return switch (code) {
            case 0 -> false;
            case HELD -> true;
            default ->
                throw new LaunchException("Cannot probe the lock " + file + ": flock ended with exit code " + code
                        + ". Check the permissions of its directory.");
        };
    }

    /** What to put before a command so that it runs in a session of its own and holds the lock for its life. */
    List<String> holding() {
        return List.of(
                Programs.find("setsid").toString(),
                Programs.find("flock").toString(),
                "-w",
                Integer.toString(PATIENCE_SECONDS),
                "-E",
                Integer.toString(HELD),
                // flock becomes the command instead of waiting for it, so the pid that Java knows is the command's.
                "--no-fork",
                file.toString());
    }
}
