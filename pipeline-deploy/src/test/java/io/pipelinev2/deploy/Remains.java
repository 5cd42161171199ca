package io.pipelinev2.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

/** The processes that a test left behind: those that work in its directory. */
public final class Remains {

    private Remains() {}

    /** Kills what works in this directory and fails if something survives that. */
    public static void endAllIn(Path directory) {
        await().atMost(Duration.ofSeconds(10)).untilAsserted(() -> {
            in(directory).forEach(ProcessHandle::destroyForcibly);
            assertThat(in(directory))
                    .as("processes left behind in %s", directory)
                    .isEmpty();
        });
    }

    /** What works in this directory. */
    public static List<ProcessHandle> in(Path directory) {
        try (Stream<Path> entries = Files.list(Path.of("/proc"))) {
            return entries.filter(entry -> worksIn(entry, directory))
                    .flatMap(entry ->
                            ProcessHandle.of(Long.parseLong(entry.getFileName().toString())).stream())
                    .filter(handle -> handle.pid() != ProcessHandle.current().pid())
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean worksIn(Path entry, Path directory) {
        try {
            return entry.getFileName().toString().matches("[0-9]+")
                    && Files.readSymbolicLink(entry.resolve("cwd")).startsWith(directory.toRealPath());
        } catch (IOException gone) {
            return false;
        }
    }
}
