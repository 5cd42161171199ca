package io.pipelinev2.runner.http;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.Set;

/**
 * The one secret that lets somebody steer the pipeline over HTTP. It lies in a file that only its owner may read, so whoever
 * may read the owner's files may steer. It is in memory as a digest alone, and no message shows any of it.
 */
final class AccessToken {

    private static final int BYTES = 32;
    private static final int SHORTEST = 32;
    private static final int MOST_BYTES_OF_FILE = 4096;
    private static final Set<PosixFilePermission> OF_OTHERS = EnumSet.complementOf(EnumSet.of(
            PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE, PosixFilePermission.OWNER_EXECUTE));

    private final byte[] digest;

    private AccessToken(String token) {
        this.digest = digest(token);
    }

    /**
     * The token of a file; made, with 256 random bits, if there is no file yet.
     *
     * @throws TokenUnavailableException if the file can be read by others, is a link, holds no token, or cannot be made
     */
    static AccessToken of(Path file) {
        try {
            if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
                make(file);
            }
            return new AccessToken(read(file));
        } catch (IOException e) {
            throw new TokenUnavailableException(file, "cannot be read or made (" + e + ")", e);
        }
    }

    private static void make(Path file) throws IOException {
        Path directory = file.toAbsolutePath().getParent();
        if (directory != null) {
            Files.createDirectories(directory, mode(directory, "rwx------"));
        }
        byte[] random = new byte[BYTES];
        new SecureRandom().nextBytes(random);
        // the mode at creation and never over an existing file: at no time can another user have it open
        try (SeekableByteChannel channel = Files.newByteChannel(
                file, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), mode(file, "rw-------"))) {
            ByteBuffer text =
                    ByteBuffer.wrap((HexFormat.of().formatHex(random) + "\n").getBytes(StandardCharsets.US_ASCII));
            while (text.hasRemaining()) {
                channel.write(text);
            }
        } catch (FileAlreadyExistsException e) {
            // another process of this user was faster, and its token is as good
            return;
        }
    }

    private static FileAttribute<?>[] mode(Path file, String mode) {
        return isPosix(file)
                ? new FileAttribute<?>[] {PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(mode))}
                : new FileAttribute<?>[0];
    }

    private static boolean isPosix(Path file) {
        return file.getFileSystem().supportedFileAttributeViews().contains("posix");
    }

    private static String read(Path file) throws IOException {
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            throw new TokenUnavailableException(file, "is a link or no regular file", null);
        }
        if (isPosix(file)) {
            Set<PosixFilePermission> given = Files.getPosixFilePermissions(file, LinkOption.NOFOLLOW_LINKS);
            if (given.stream().anyMatch(OF_OTHERS::contains)) {
                throw new TokenUnavailableException(
                        file,
                        "may be used by other users (" + PosixFilePermissions.toString(given)
                                + "); run `chmod 600` on it",
                        null);
            }
        }
        String token;
        try (SeekableByteChannel channel =
                Files.newByteChannel(file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)) {
            ByteBuffer bytes = ByteBuffer.allocate(MOST_BYTES_OF_FILE);
            while (bytes.hasRemaining() && channel.read(bytes) >= 0) {
                // until the end
            }
            token = new String(bytes.array(), 0, bytes.position(), StandardCharsets.UTF_8).strip();
        } catch (NoSuchFileException e) {
            throw new TokenUnavailableException(file, "was removed while it was read", e);
        }
        if (token.length() < SHORTEST || !token.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
            throw new TokenUnavailableException(
                    file,
                    "holds no token: it must be at least " + SHORTEST
                            + " printable characters without a space. Remove the file, and one is made",
                    null);
        }
        return token;
    }

    /** Whether this is the token; how long it takes tells nothing about where they differ. */
    boolean isThat(String presented) {
        return MessageDigest.isEqual(digest, digest(presented));
    }

    private static byte[] digest(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
