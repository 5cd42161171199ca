package io.pipelinev2.runner;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * An exclusive lock of the kernel's on a file, which ends with the process however it dies. The file says who holds it, for
 * people; the lock alone decides.
 */
final class KernelLock implements AutoCloseable {

    /**
     * What this process holds, and as what. Such a file must not even be opened again: closing it, through whatever channel,
     * would end the lock, because the kernel knows locks by process and file. So one thread at a time touches any of them.
     */
    private static final Map<Path, String> HELD = new HashMap<>();

    private Path file;
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
    static synchronized Optional<KernelLock> tryTake(Path path, String holder) throws IOException {
        Path file = known(path);
        if (HELD.putIfAbsent(file, holder) != null) {
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

    /** The one path under which a file is known here, by whatever way it is come to: through a symbolic link, or "..". */
    private static Path known(Path path) {
        Path file = path.toAbsolutePath();
        Path parent = file.getParent();
        Path name = file.getFileName();
        try {
            return parent == null || name == null ? file : parent.toRealPath().resolve(name);
        } catch (IOException e) {
            // there is no such directory, so nothing in it is held
            return file;
        }
    }

    /** Whether this process holds the lock on this file. */
    static synchronized boolean isHeldHere(Path file) {
        return HELD.containsKey(known(file));
    }

    /**
     * Whether any process holds the lock on this file. Writes nothing, so that it can be told on a full disk, too, and by
     * those who may only read; several may ask at a time.
     */
    static synchronized boolean isHeld(Path path) throws IOException {
        Path file = known(path);
        if (HELD.containsKey(file)) {
            return true;
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
                FileLock shared = channel.tryLock(0, Long.MAX_VALUE, true)) {
            return shared == null;
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    /** Who holds the lock on a file, as far as its text tells; empty if it does not. */
    static synchronized String holder(Path file) {
        String here = HELD.get(known(file));
        if (here != null) {
            return here;
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

    /** Gives the file another name, under which it is held from its first moment on. */
    void rename(Path path) throws IOException {
        synchronized (KernelLock.class) {
            Path renamed = known(path);
            Files.move(file, renamed, StandardCopyOption.ATOMIC_MOVE);
            HELD.put(renamed, String.valueOf(HELD.remove(file)));
            file = renamed;
        }
    }

    @Override
    public void close() throws IOException {
        synchronized (KernelLock.class) {
            try {
                lock.release();
            } finally {
                channel.close();
                HELD.remove(file);
            }
        }
    }
}
