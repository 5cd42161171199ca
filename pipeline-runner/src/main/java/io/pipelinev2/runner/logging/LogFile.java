package io.pipelinev2.runner.logging;

import java.io.FileNotFoundException;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A file that lines are appended to, and that is set aside under another name when it is full or, if it is kept by the
 * day, when its last line is of an earlier day. It is its owner's alone.
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
    private final boolean daily;

    LogFile(Path path, long maxBytes) {
        this(path, maxBytes, false);
    }

    /** @param daily whether a day (UTC) begins a new file */
    LogFile(Path path, long maxBytes, boolean daily) {
        this.path = path;
        this.maxBytes = maxBytes;
        this.daily = daily;
    }

    /** What was set aside of a file, oldest first. */
    static List<Path> setAside(Path path) throws IOException {
        String stem = stem(path);
        Pattern aside = Pattern.compile(Pattern.quote(stem) + "\\.\\d{8}T\\d{6}\\.\\d{3}-\\d+(-\\d+)?\\.log");
        try (Stream<Path> files = Files.list(path.toAbsolutePath().getParent())) {
            return files.filter(
                            file -> aside.matcher(file.getFileName().toString()).matches())
                    .sorted()
                    .toList();
        } catch (NoSuchFileException e) {
            return List.of();
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private static String stem(Path path) {
        String name = path.getFileName().toString();
        return name.substring(0, name.length() - SUFFIX.length());
    }

    /**
     * Appends a line.
     *
     * @param line with its line break
     * @return whether the file was set aside before
     */
    boolean append(byte[] line, Instant now) throws IOException {
        long size = path.toFile().length();
        boolean ended = size > 0 && (size + line.length > maxBytes || isOfAnEarlierDay(now));
        if (ended) {
            setAside(now);
        }
        try {
            write(line);
        } catch (FileNotFoundException e) {
            // somebody may have removed the directory
            Files.createDirectories(path.getParent());
            write(line);
        }
        return ended;
    }

    private boolean isOfAnEarlierDay(Instant now) {
        return daily && day(Instant.ofEpochMilli(path.toFile().lastModified())) < day(now);
    }

    private static long day(Instant instant) {
        return Math.floorDiv(instant.getEpochSecond(), Duration.ofDays(1).toSeconds());
    }

    /** Tries what appending will do. */
    void probe() throws IOException {
        write(new byte[0]);
    }

    private void write(byte[] line) throws IOException {
        if (!path.toFile().exists()) {
            create();
        }
        try (FileOutputStream out = new FileOutputStream(path.toFile(), true)) {
            out.write(line);
        }
    }

    private void create() throws IOException {
        try {
            Files.createFile(path, OwnersAlone.file(path));
        } catch (FileAlreadyExistsException e) {
            // another process was faster
        } catch (NoSuchFileException e) {
            throw new FileNotFoundException(path.toString());
        }
    }

    private void setAside(Instant now) throws IOException {
        String stem = stem(path);
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
