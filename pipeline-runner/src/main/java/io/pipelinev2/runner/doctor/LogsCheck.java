package io.pipelinev2.runner.doctor;

import io.pipelinev2.runner.config.LogsConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Whether the logs are within their budget, and their owner's alone: what children print may be anything. */
public final class LogsCheck implements Check {

    private final LogsConfig logs;

    public LogsCheck(LogsConfig logs) {
        this.logs = logs;
    }

    @Override
    public String name() {
        return "logs";
    }

    @Override
    public List<Finding> look() throws IOException {
        Path directory = logs.directory();
        if (!Files.isDirectory(directory)) {
            return List.of(Finding.ok(directory + " is not there yet; the first run makes it"));
        }
        List<Finding> findings = new ArrayList<>();
        long bytes = bytes(directory);
        // what traders write is capped by a budget of its own
        if (bytes > 2 * logs.maxTotal()) {
            findings.add(Finding.warn(
                    "%d MB are in %s, logs.max_total is %d MB"
                            .formatted(bytes / 1_000_000, directory, logs.maxTotal() / 1_000_000),
                    "look at what is large there (du -a), and remove what is not the pipeline's"));
        }
        String mode = PosixFilePermissions.toString(Files.getPosixFilePermissions(directory));
        if (!mode.endsWith("------")) {
            findings.add(Finding.warn(
                    directory + " is open to others (" + mode + "), who can read what traders and stages print",
                    "chmod 700 " + directory));
        }
        return findings.isEmpty()
                ? List.of(Finding.ok("%d MB of at most %d MB in %s"
                        .formatted(bytes / 1_000_000, logs.maxTotal() / 1_000_000, directory)))
                : findings;
    }

    private static long bytes(Path directory) throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.filter(Files::isRegularFile).mapToLong(LogsCheck::size).sum();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private static long size(Path file) {
        try {
            return Files.size(file);
        } catch (NoSuchFileException e) {
            // dropped meanwhile, to keep within the budget
            return 0;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
