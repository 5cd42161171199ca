package io.pipelinev2.deploy.papertrading.ledger;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import org.jspecify.annotations.Nullable;

/** Reads a file line by line from a place on, holding no more than one line. It does not move the channel's position. */
final class LineReader {

    private static final int CHUNK = 64 * 1024;

    private final FileChannel channel;
    private final byte[] chunk = new byte[CHUNK];
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private long next;
    private int at;
    private int filled;

    LineReader(FileChannel channel, long from) {
        this.channel = channel;
        this.next = from;
    }

    /** Where the next line begins. */
    long offset() {
        return next - (filled - at);
    }

    /** The next line, which may be one without a line feed at the end of the file, or null if nothing follows. */
    @Nullable
    RawLine read() throws IOException {
        long begin = offset();
        line.reset();
        while (true) {
            for (int i = at; i < filled; i++) {
                if (chunk[i] == '\n') {
                    line.write(chunk, at, i - at);
                    at = i + 1;
                    return new RawLine(begin, line.toByteArray(), true);
                }
            }
            line.write(chunk, at, filled - at);
            if (!fill()) {
                return line.size() == 0 ? null : new RawLine(begin, line.toByteArray(), false);
            }
        }
    }

    private boolean fill() throws IOException {
        int read = channel.read(ByteBuffer.wrap(chunk), next);
        at = 0;
        filled = Math.max(read, 0);
        next += filled;
        return filled > 0;
    }
}
