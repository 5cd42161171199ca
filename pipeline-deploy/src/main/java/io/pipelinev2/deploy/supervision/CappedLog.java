package io.pipelinev2.deploy.supervision;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashSet;
import java.util.Set;

/**
 * The log of one start, cut short while its process writes to it. The process appends, so a file that is emptied under it
 * simply begins anew. Half of the cap is for the file, half for the piece that was set aside last,
 * {@code <name>.1}. Under a flood nothing is set aside: how the flood began stays in the piece, its end in the file, and
 * what lay between is dropped and counted, in the log itself, too.
 */
final class CappedLog {

    /** Who fills half a cap in less than this floods. */
    private static final long FLOOD_NANOS = 2_000_000_000L;

    private static final FileAttribute<?> PRIVATE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

    private final Path file;
    private final Path piece;
    private boolean cut;
    private long lastCut;

    CappedLog(Path file) {
        this.file = file;
        this.piece = pieceOf(file);
    }

    /** What was set aside of a log. */
    static Path pieceOf(Path file) {
        return file.resolveSibling(file.getFileName() + ".1");
    }

    /** Makes the file, for nobody else to read, unless it is there. */
    static void create(Path file) throws IOException {
        try {
            Files.createFile(file, PRIVATE);
        } catch (FileAlreadyExistsException fromAStartCutShort) {
            if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
                throw new IOException(file + " is not a regular file; move it away", fromAStartCutShort);
            }
        }
    }

    Path file() {
        return file;
    }

    /** Its length, or -1 if it is not there, or is no plain file. */
    long size() {
        try {
            BasicFileAttributes attributes =
                    Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
            return attributes.isRegularFile() ? attributes.size() : -1;
        } catch (IOException gone) {
            return -1;
        }
    }

    /**
     * Empties the file.
     *
     * @param cap what was exceeded, for the words in the log
     * @return how many bytes were dropped by that
     */
    long cut(long cap, long nanoTime) throws IOException {
        boolean flood = cut && nanoTime - lastCut < FLOOD_NANOS;
        cut = true;
        lastCut = nanoTime;
        long dropped = 0;
        try (FileChannel channel = open(file, Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE))) {
            long kept = 0;
            if (!flood) {
                dropped = sizeOf(piece);
                kept = setAside(channel, cap / 2);
            }
            dropped += channel.size() - kept;
            channel.truncate(0);
        }
        if (dropped > 0) {
            say("[... %d bytes dropped by the cap of %d bytes ...]\n".formatted(dropped, cap));
        }
        return dropped;
    }

    /** @return how much of the file's end stands in the piece now */
    private long setAside(FileChannel channel, long most) {
        try {
            Files.deleteIfExists(piece);
            Files.createFile(piece, PRIVATE);
            try (FileChannel aside = open(piece, Set.of(StandardOpenOption.WRITE))) {
                long size = channel.size();
                long from = Math.max(0, size - most);
                long done = from;
                while (done < size) {
                    long moved = channel.transferTo(done, size - done, aside);
                    if (moved <= 0) {
                        break;
                    }
                    done += moved;
                }
                return done - from;
            }
        } catch (IOException noRoom) {
            // On a full disk the newest output matters more than a copy of older output.
            deleteQuietly(piece);
            return 0;
        }
    }

    private void say(String words) {
        try (FileChannel channel = open(file, Set.of(StandardOpenOption.WRITE, StandardOpenOption.APPEND))) {
            channel.write(ByteBuffer.wrap(words.getBytes(StandardCharsets.UTF_8)));
        } catch (IOException noRoom) {
            // It is counted all the same.
        }
    }

    private static FileChannel open(Path path, Set<? extends OpenOption> options) throws IOException {
        Set<OpenOption> all = new HashSet<>(options);
        // Whatever a process puts in the place of its log is not written to.
        all.add(LinkOption.NOFOLLOW_LINKS);
        return FileChannel.open(path, all);
    }

    private static long sizeOf(Path path) {
        try {
            return Files.size(path);
        } catch (IOException none) {
            return 0;
        }
    }

    private static void deleteQuietly(Path path) {
        try {
            Files.deleteIfExists(path);
        } catch (IOException e) {
            // Then it stays, within its cap.
        }
    }
}
