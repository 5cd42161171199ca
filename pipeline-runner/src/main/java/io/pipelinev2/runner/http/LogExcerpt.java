package io.pipelinev2.runner.http;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Predicate;

/**
 * The end of a log. However large it is, no more than its last {@value #MOST_BYTES} bytes are read. A link is not followed:
 * whoever can plant one in the directory of logs would else have any file of the owner's shown.
 *
 * @param lines the last lines, in order
 * @param truncated whether there were more before them
 */
record LogExcerpt(List<String> lines, boolean truncated) {

    static final int MOST_BYTES = 4 * 1024 * 1024;

    private static final int LONGEST_LINE = 8 * 1024;

    LogExcerpt {
        lines = List.copyOf(lines);
    }

    /**
     * The last lines that are wanted.
     *
     * @param root below which the file must lie, links resolved
     * @param most how many
     * @throws ProblemException if there is no such file (404)
     */
    static LogExcerpt of(Path root, Path file, int most, Predicate<String> wanted) throws IOException {
        try {
            if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
                    || !file.toRealPath().startsWith(root.toRealPath())) {
                throw missing();
            }
            return read(file, most, wanted);
        } catch (NoSuchFileException e) {
            throw missing();
        }
    }

    private static ProblemException missing() {
        return new ProblemException(
                404, "There is no log: nothing was written yet, or it was dropped to keep within logs.max_total.");
    }

    private static LogExcerpt read(Path file, int most, Predicate<String> wanted) throws IOException {
        try (SeekableByteChannel channel =
                Files.newByteChannel(file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)) {
            long from = Math.max(0, channel.size() - MOST_BYTES);
            channel.position(from);
            ByteBuffer bytes = ByteBuffer.allocate((int) Math.min(MOST_BYTES, channel.size() - from));
            while (bytes.hasRemaining() && channel.read(bytes) >= 0) {
                // until the end
            }
            String text = new String(bytes.array(), 0, bytes.position(), StandardCharsets.UTF_8);
            boolean truncated = from > 0;
            if (truncated) {
                text = text.substring(text.indexOf('\n') + 1);
            }
            Deque<String> lines = new ArrayDeque<>();
            for (String line : (Iterable<String>) text.lines()::iterator) {
                if (wanted.test(line)) {
                    lines.addLast(shortened(line));
                    if (lines.size() > most) {
                        lines.removeFirst();
                        truncated = true;
                    }
                }
            }
            return new LogExcerpt(new ArrayList<>(lines), truncated);
        }
    }

    private static String shortened(String line) {
        return line.length() <= LONGEST_LINE ? line : line.substring(0, LONGEST_LINE) + "…";
    }
}
