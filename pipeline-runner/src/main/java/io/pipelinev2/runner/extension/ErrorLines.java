package io.pipelinev2.runner.extension;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;

/**
 * Follows the file that a command writes its standard error to, and hands it on line by line. The file is cut short when
 * it grows large; what the command writes at that very moment is lost.
 */
final class ErrorLines {

    private static final int LONGEST_LINE = 8_192;
    private static final long LARGE = 4_000_000;
    private static final int LAST_LINES = 10;
    private static final int LAST_CHARACTERS = 2_000;

    private final Path file;
    private final Consumer<String> lines;
    private final ByteBuffer buffer = ByteBuffer.allocate(65_536);
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private final Deque<String> last = new ArrayDeque<>();
    private long position;

    ErrorLines(Path file, Consumer<String> lines) {
        this.file = file;
        this.lines = lines;
    }

    /** Hands on what was written since the last time. */
    void follow() throws IOException {
        try (SeekableByteChannel channel =
                Files.newByteChannel(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
            long end = channel.size();
            channel.position(position);
            while (position < end && channel.read(buffer.clear()) > 0) {
                position = channel.position();
                take(buffer.flip());
            }
            if (position > LARGE) {
                channel.truncate(0);
                position = 0;
            }
        }
    }

    /** Hands on the rest; the command has ended. */
    void end() throws IOException {
        follow();
        if (line.size() > 0) {
            handOn();
        }
    }

    private void take(ByteBuffer bytes) {
        while (bytes.hasRemaining()) {
            byte next = bytes.get();
            if (next == '\n') {
                handOn();
            } else {
                line.write(next);
                if (line.size() >= LONGEST_LINE) {
                    handOn();
                }
            }
        }
    }

    private void handOn() {
        String text = line.toString(StandardCharsets.UTF_8).stripTrailing();
        line.reset();
        if (text.isEmpty()) {
            return;
        }
        lines.accept(text);
        last.addLast(text);
        if (last.size() > LAST_LINES) {
            last.removeFirst();
        }
    }

    /** The last lines, as far as they are of use in a message; empty if there are none. */
    String lastWords() {
        String words = String.join("\n", last);
        return words.length() <= LAST_CHARACTERS ? words : "…" + words.substring(words.length() - LAST_CHARACTERS);
    }
}
