package io.pipelinev2.runner.cli;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Reads a log line by line while it grows. A log that has reached its cap is set aside, either by its name or by being
 * emptied under its writer after a copy was made: what was not read yet is read from there.
 */
final class LogTail {

    private static final int CHUNK = 64 * 1024;

    /** A writer that never ends a line must not fill this process's memory. */
    private static final int LONGEST_LINE = 1024 * 1024;

    private final Path log;
    private final Supplier<List<Path>> aside;
    private final Consumer<String> lines;
    private final Runnable gap;
    private final ByteArrayOutputStream unfinished = new ByteArrayOutputStream();
    private List<Path> known = List.of();
    private @Nullable Object file;
    private long position;
    private boolean begun;

    /**
     * @param aside what was set aside of the log and is still there, oldest first
     * @param lines takes each line
     * @param gap called where something of the log was lost
     */
    LogTail(Path log, Supplier<List<Path>> aside, Consumer<String> lines, Runnable gap) {
        this.log = log;
        this.aside = aside;
        this.lines = lines;
        this.gap = gap;
    }

    /** Of a log that is set aside as {@code NAME.1}, which the next time overwrites. */
    static LogTail ofCapped(Path log, Consumer<String> lines, Runnable gap) {
        Path aside = log.resolveSibling(log.getFileName() + ".1");
        return new LogTail(log, () -> Files.exists(aside) ? List.of(aside) : List.of(), lines, gap);
    }

    /** Whether there is anything to read. */
    boolean exists() {
        return Files.exists(log) || !aside.get().isEmpty();
    }

    /** Reads what has come since the last time; the first time, all that there is. */
    void read() throws IOException {
        if (!begun) {
            begun = true;
            known = aside.get();
            for (Path each : known) {
                copy(each, 0);
            }
        }
        BasicFileAttributes now;
        try {
            now = Files.readAttributes(log, BasicFileAttributes.class);
        } catch (NoSuchFileException e) {
            return;
        }
        if (now.size() < position || file != null && !file.equals(now.fileKey())) {
            readOnAside();
            position = 0;
        }
        file = now.fileKey();
        position = copy(log, position);
    }

    private void readOnAside() throws IOException {
        List<Path> all = aside.get();
        List<Path> since = new ArrayList<>(all);
        since.removeAll(known);
        if (since.isEmpty() && !all.isEmpty()) {
            // it has the name that an earlier one had
            since.add(all.get(all.size() - 1));
        }
        known = all;
        if (since.isEmpty() || Files.size(since.get(0)) < position) {
            end();
            gap.run();
        }
        long from = position;
        for (Path each : since) {
            if (Files.size(each) >= from) {
                copy(each, from);
            }
            from = 0;
        }
    }

    /** What has no end yet is a line, too. */
    void end() {
        if (unfinished.size() > 0) {
            flush();
        }
    }

    /** Passes whole lines on; what has no end yet is kept, as bytes: a character may be cut, too. */
    private long copy(Path file, long from) throws IOException {
        try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
            in.seek(from);
            byte[] chunk = new byte[CHUNK];
            for (int n = in.read(chunk); n > 0; n = in.read(chunk)) {
                int start = 0;
                for (int i = 0; i < n; i++) {
                    if (chunk[i] == '\n') {
                        unfinished.write(chunk, start, i - start);
                        flush();
                        start = i + 1;
                    }
                }
                unfinished.write(chunk, start, n - start);
                if (unfinished.size() >= LONGEST_LINE) {
                    flush();
                }
            }
            return in.getFilePointer();
        }
    }

    private void flush() {
        lines.accept(unfinished.toString(StandardCharsets.UTF_8));
        unfinished.reset();
    }
}
