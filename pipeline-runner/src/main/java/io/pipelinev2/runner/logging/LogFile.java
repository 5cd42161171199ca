package io.pipelinev2.runner.logging;

import java.io.FileNotFoundException;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/**
 * A file that lines are appended to, and that is set aside under another name when it is full.
 *
 * <p>It is opened for every line and closed again. That costs little beside what a stage does, and buys that daemon, workers and
 * commands may write to one file and any of them may set it aside or delete it, that no number of trials uses up the
 * file handles, and that a line is in the file when the call returns. An interrupt does not disturb it, as it would a
 * file channel.
 */
final class LogFile {

    private static final DateTimeFormatter STAMP =
            DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss.SSS", Locale.ROOT).withZone(ZoneOffset.UTC);
    private static final String SUFFIX = ".log";

    private final Path path;
    private final long maxBytes;

    LogFile(Path path, long maxBytes) {
        this.path = path;
        this.maxBytes = maxBytes;
    }

    /**
     * Appends a line.
     *
     * @param line with its line break
     * @return whether the file was full and was set aside before
     */
    boolean append(byte[] line, Instant now) throws IOException {
        long size = path.toFile().length();
        boolean full = size > 0 && size + line.length > maxBytes;
        if (full) {
            setAside(now);
        }
        try {
            write(line);
        } catch (FileNotFoundException e) {
            // somebody may have removed the directory
            Files.createDirectories(path.getParent());
            write(line);
        }
        return full;
    }

    private void write(byte[] line) throws IOException {
        try (FileOutputStream out = new FileOutputStream(path.toFile(), true)) {
            out.write(line);
        }
    }

    private void setAside(Instant now) throws IOException {
        String name = path.getFileName().toString();
        String stem = name.substring(0, name.length() - SUFFIX.length());
        // the process in the name, so that two of them never take the same
        String aside = "%s.%s-%d"
                .formatted(stem, STAMP.format(now), ProcessHandle.current().pid());
        Path target = path.resolveSibling(aside + SUFFIX);
        for (int i = 2; Files.exists(target); i++) {
            target = path.resolveSibling(aside + "-" + i + SUFFIX);
        }
        try {
            Files.move(path, target);
        } catch (NoSuchFileException e) {
            // another process was faster, and there is room again
        }
    }
}
