package io.pipelinev2.deploy.supervision;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/** The last line of a log, which often says why a process ended. */
final class LastLine {

    private static final int TAIL = 4_096;
    private static final int LONGEST = 200;

    private LastLine() {}

    /**
     * The last line that is not blank, shortened.
     *
     * @return null if there is none, or it cannot be read
     */
    static @Nullable String of(Path log) {
        try (FileChannel channel = FileChannel.open(log, StandardOpenOption.READ)) {
            long size = channel.size();
            long start = Math.max(0, size - TAIL);
            ByteBuffer tail = ByteBuffer.allocate((int) (size - start));
            while (tail.hasRemaining() && channel.read(tail, start + tail.position()) >= 0) {
                continue;
            }
            String text = new String(tail.array(), 0, tail.position(), StandardCharsets.UTF_8);
            String[] lines = text.split("\\R");
            for (int i = lines.length - 1; i >= 0; i--) {
                String line = lines[i].replaceAll("\\p{Cntrl}", " ").strip();
                if (!line.isEmpty()) {
                    return line.length() > LONGEST ? line.substring(0, LONGEST) + "…" : line;
                }
            }
            return null;
        } catch (IOException unreadable) {
            return null;
        }
    }
}
