package io.pipelinev2.deploy.papertrading;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A table that lines are appended to, and whose length at each saved step is known. */
final class CsvFile implements AutoCloseable {

    private final FileChannel channel;
    private boolean changed;

    CsvFile(Path file) throws IOException {
        channel = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        channel.position(channel.size());
    }

    /** Begins it anew with its column names. */
    void begin(String header) throws IOException {
        cutTo(0);
        append(header);
    }

    /** Drops what was appended after a length. */
    void cutTo(long length) throws IOException {
        channel.truncate(length);
        channel.position(length);
        changed = true;
    }

    void append(String line) throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap((line + "\n").getBytes(StandardCharsets.UTF_8));
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
        changed = true;
    }

    /** Makes what was appended outlast a crash of the machine. */
    void force() throws IOException {
        if (changed) {
            channel.force(true);
            changed = false;
        }
    }

    long length() throws IOException {
        return channel.size();
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
