package io.pipelinev2.runner.backup;

import io.pipelinev2.core.RefusedException;
import io.pipelinev2.deploy.launch.DeploymentLock;
import io.pipelinev2.runner.RunnerLocks;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The processes that live in a home beside the one that supervises it. Each holds a kernel lock for its life. */
final class Occupants {

    private final Path state;

    Occupants(Path state) {
        this.state = state;
    }

    /**
     * Refuses a home in which anybody lives.
     *
     * @throws RefusedException if somebody does
     */
    void refuse() throws IOException {
        List<String> traders = traders();
        if (!traders.isEmpty()) {
            throw new RefusedException(
                    "Paper traders of this home are running (deployments %s), and would go on writing to accounts that are not theirs any more. `stop` their trials, then restore."
                            .formatted(String.join(", ", traders)));
        }
        List<String> workers = RunnerLocks.living(state);
        if (!workers.isEmpty()) {
            throw new RefusedException(
                    "Workers of this home are running (%s), and would write their results into another state. End them, then restore."
                            .formatted(String.join("; ", workers)));
        }
    }

    /** The ids of deployments whose process is alive. */
    private List<String> traders() throws IOException {
        List<String> alive = new ArrayList<>();
        for (Path directory : entries(state.resolve("deployments"))) {
            if (new DeploymentLock(directory.resolve("lock")).isHeld()) {
                alive.add(directory.getFileName().toString());
            }
        }
        return alive;
    }

    private static List<Path> entries(Path directory) throws IOException {
        List<Path> entries = new ArrayList<>();
        if (Files.isDirectory(directory)) {
            try (DirectoryStream<Path> stream = Files.newDirectoryStream(directory)) {
                stream.forEach(entries::add);
            }
        }
        entries.sort(null);
        return entries;
    }
}
