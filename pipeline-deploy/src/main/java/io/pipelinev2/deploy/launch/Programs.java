package io.pipelinev2.deploy.launch;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The small programs of the operating system that deployments lean on. */
final class Programs {

    private static final List<String> USUAL = List.of("/usr/bin", "/bin", "/usr/sbin", "/sbin");
    private static final long PATIENCE_SECONDS = 10;

    private Programs() {}

    /**
     * The absolute path of a program.
     *
     * @throws LaunchException if it is not installed
     */
    static Path find(String name) {
        for (String directory : directories()) {
            Path candidate = Path.of(directory).resolve(name);
            if (candidate.isAbsolute() && Files.isExecutable(candidate)) {
                return candidate;
            }
        }
        throw new LaunchException("Deployments, and stages that are commands, need the program '" + name
                + "', which is not on the PATH of this machine. Install util-linux (and procps for kill); everything else"
                + " works without it.");
    }

    /**
     * Runs a program that ends by itself soon, without input and output.
     *
     * @return its exit code
     */
    static int run(List<String> argv) {
        Process process;
        try {
            process = new ProcessBuilder(argv)
                    .redirectInput(
                            ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
        } catch (IOException e) {
            throw new LaunchException(
                    "Cannot run " + argv.get(0) + ": " + e.getMessage()
                            + ". If Java was upgraded under the running daemon, restart the daemon.",
                    e);
        }
        try {
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new LaunchException(argv.get(0) + " did not end within " + PATIENCE_SECONDS
                        + " s. The machine seems to be overloaded; it is tried again.");
            }
            return process.exitValue();
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            throw new LaunchException("Interrupted while " + argv.get(0) + " ran.", e);
        }
    }

    private static List<String> directories() {
        List<String> directories = new ArrayList<>();
        @Nullable String path = System.getenv("PATH");
        if (path != null) {
            for (String directory : path.split(":")) {
                if (!directory.isEmpty()) {
                    directories.add(directory);
                }
            }
        }
        directories.addAll(USUAL);
        return directories;
    }
}
