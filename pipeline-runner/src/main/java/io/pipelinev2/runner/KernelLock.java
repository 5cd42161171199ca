package io.pipelinev2.runner;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * An exclusive lock of the kernel's on a file, which ends with the process however it dies. The file says who holds it, for
 * people; the lock alone decides.
 */
final class KernelLock implements AutoCloseable {

    /**
     * What this process holds. Such a file must not even be opened again: closing it, through whatever channel, would end
     * the lock, because the kernel knows locks by process and file.
     */
    private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();

    private final Path file;
    private final FileChannel channel;
    private final FileLock lock;

    private KernelLock(Path file, FileChannel channel, FileLock lock) {
        this.file = file;
        this.channel = channel;
        this.lock = lock;
    }

    /**
     * Takes the lock if nobody holds it. The file is made if there is none; its directory must be there.
     *
     * @param holder who takes it, for people
     */
    static Optional<KernelLock> tryTake(Path path, String holder) throws IOException {
        Path file = path.toAbsolutePath().normalize();
        if (!HELD.add(file)) {
            return Optional.empty();
        }
        boolean taken = false;
        FileChannel channel = null;
        try {
            channel = FileChannel.open(
                    file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
            FileLock lock = channel.tryLock();
            if (lock == null) {
                return Optional.empty();
            }
            channel.truncate(0);
            channel.write(ByteBuffer.wrap(holder.getBytes(StandardCharsets.UTF_8)), 0);
            taken = true;
            return Optional.of(new KernelLock(file, channel, lock));
        } finally {
            if (!taken) {
                HELD.remove(file);
                if (channel != null) {
                    channel.close();
                }
            }
        }
    }

    /** Whether this process holds the lock on this file. */
    static boolean isHeldHere(Path file) {
        return HELD.contains(file.toAbsolutePath().normalize());
    }

    /** Who holds the lock on a file, as far as its text tells; empty if it does not. */
    static String holder(Path file) {
        if (isHeldHere(file)) {
            return "this process";
        }
        try {
            return Files.readString(file).strip();
        } catch (IOException e) {
            return "";
        }
    }

    boolean isValid() {
        return lock.isValid();
    }

    @Override
    public void close() throws IOException {
        try {
            lock.release();
        } finally {
            channel.close();
            HELD.remove(file);
        }
    }
}
