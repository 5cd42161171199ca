package io.pipelinev2.runner.cli;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;

/**
 * Reads a log line by line while it grows. A log that has reached its cap is emptied under its writer, and what was in it
 * is set aside in {@code NAME.1}: what was not read yet is read from there.
 */
final class LogTail {

    private static final int CHUNK = 64 * 1024;

    /** A writer that never ends a line must not fill this process's memory. */
    private static final int LONGEST_LINE = 1024 * 1024;

    private final Path log;
    private final Path aside;
    private final Consumer<String> lines;
    private final Runnable gap;
    private final ByteArrayOutputStream unfinished = new ByteArrayOutputStream();
    private long position;
    private boolean begun;

    /**
     * @param lines takes each line
     * @param gap called where something of the log was lost
     */
    LogTail(Path log, Consumer<String> lines, Runnable gap) {
        this.log = log;
        this.aside = log.resolveSibling(log.getFileName() + ".1");
        this.lines = lines;
        this.gap = gap;
    }

    /** Whether there is anything to read. */
    boolean exists() {
        return Files.exists(log) || Files.exists(aside);
    }

    /** Reads what has come since the last time; the first time, all that there is. */
    void read() throws IOException {
        if (!begun) {
            begun = true;
            if (Files.exists(aside)) {
                copy(aside, 0);
            }
        }
        if (!Files.exists(log)) {
            return;
        }
        if (Files.size(log) < position) {
            boolean whole = Files.exists(aside) && Files.size(aside) >= position;
            if (whole) {
                copy(aside, position);
            } else {
                end();
                gap.run();
            }
            position = 0;
        }
        position = copy(log, position);
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
