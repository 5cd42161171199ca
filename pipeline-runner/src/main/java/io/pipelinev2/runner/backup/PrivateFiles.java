package io.pipelinev2.runner.backup;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.FileSystem;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Files and directories for their owner alone. A file's content is on the disk when a method returns; its name is once
 * its directory was forced, too.
 */
final class PrivateFiles {

    private static final int CHUNK = 1 << 16;

    private PrivateFiles() {}

    /** What a file holds. */
    record Content(long size, String sha256) {}

    /** Makes a directory, and those above it; only itself is surely for its owner alone. */
    static void makeDirectory(Path directory) throws IOException {
        Path parent = directory.getParent();
        if (parent != null && !Files.isDirectory(parent)) {
            makeDirectory(parent);
        }
        if (!Files.isDirectory(directory)) {
            Files.createDirectory(directory, mode(directory.getFileSystem(), "rwx------"));
        }
    }

    /** Copies at most as much as the source holds when it is opened; the target must not be there yet. */
    static Content copy(Path source, Path target) throws IOException {
        MessageDigest digest = sha256();
        try (FileChannel from = FileChannel.open(source, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);
                FileChannel to = create(target)) {
            long left = from.size();
            long size = 0;
            ByteBuffer buffer = ByteBuffer.allocate(CHUNK);
            while (left > 0 && from.read(buffer.clear().limit((int) Math.min(CHUNK, left))) > 0) {
                buffer.flip();
                left -= buffer.remaining();
                size += buffer.remaining();
                digest.update(buffer.duplicate());
                writeAll(to, buffer);
            }
            to.force(true);
            return new Content(size, HexFormat.of().formatHex(digest.digest()));
        }
    }

    /** Writes a file that is not there yet. */
    static Content write(Path target, byte[] bytes) throws IOException {
        try (FileChannel to = create(target)) {
            writeAll(to, ByteBuffer.wrap(bytes));
            to.force(true);
        }
        return new Content(bytes.length, HexFormat.of().formatHex(sha256().digest(bytes)));
    }

    /** The directory that holds it; everything in a home or a backup has one. */
    static Path directoryOf(Path file) {
        return Objects.requireNonNull(file.getParent(), "the root of a file system is neither a home nor a backup");
    }

    /** Writes a file that is there as a whole, under its name, or not at all. */
    static void publish(Path target, byte[] bytes) throws IOException {
        Path draft = target.resolveSibling(target.getFileName() + ".tmp");
        Files.deleteIfExists(draft);
        write(draft, bytes);
        Files.move(draft, target, StandardCopyOption.ATOMIC_MOVE);
        force(directoryOf(target));
    }

    /** What a file holds now. */
    static Content content(Path file) throws IOException {
        MessageDigest digest = sha256();
        long size = 0;
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS);
                InputStream in = Channels.newInputStream(channel)) {
            byte[] chunk = new byte[CHUNK];
            for (int read = in.read(chunk); read >= 0; read = in.read(chunk)) {
                digest.update(chunk, 0, read);
                size += read;
            }
        }
        return new Content(size, HexFormat.of().formatHex(digest.digest()));
    }

    /** Makes the names in a directory outlast a crash of the machine. */
    static void force(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    /** Forces a directory and all below it. */
    static void forceTree(Path directory) throws IOException {
        for (Path each : tree(directory)) {
            if (Files.isDirectory(each, LinkOption.NOFOLLOW_LINKS)) {
                force(each);
            }
        }
    }

    /** Deletes a file or directory with all that is in it, if it is there. */
    static void deleteTree(Path path) throws IOException {
        List<Path> all = tree(path);
        for (Path each : all.stream().sorted(Comparator.reverseOrder()).toList()) {
            Files.deleteIfExists(each);
        }
    }

    private static List<Path> tree(Path path) throws IOException {
        try (Stream<Path> all = Files.walk(path)) {
            return all.toList();
        } catch (NoSuchFileException none) {
            return List.of();
        }
    }

    private static FileChannel create(Path target) throws IOException {
        return FileChannel.open(
                target,
                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                mode(target.getFileSystem(), "rw-------"));
    }

    private static FileAttribute<?>[] mode(FileSystem system, String mode) {
        return system.supportedFileAttributeViews().contains("posix")
                ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(mode))}
                : new FileAttribute<?>[0];
    }

    private static void writeAll(FileChannel channel, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
