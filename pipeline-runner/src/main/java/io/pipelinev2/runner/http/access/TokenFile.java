package io.pipelinev2.runner.http.access;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.Set;

/** The file in which an access token lies, for its owner alone. */
public final class TokenFile {

    private static final int BYTES = 32;
    private static final int SHORTEST = 32;
    private static final int MOST_BYTES_OF_FILE = 4096;
    private static final int BYTES_OF_A_NAME = 8;
    private static final Set<PosixFilePermission> OF_OTHERS = EnumSet.complementOf(EnumSet.of(
            PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE, PosixFilePermission.OWNER_EXECUTE));

    private final Path file;

    public TokenFile(Path file) {
        this.file = file.toAbsolutePath();
    }

    /** Where it is. */
    public Path path() {
        return file;
    }

    /**
     * Makes it, with 256 random bits, unless it is there.
     *
     * @throws TokenUnavailableException if it cannot be made
     */
    void makeIfMissing() {
        if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            return;
        }
        try {
            create(file);
        } catch (FileAlreadyExistsException e) {
            // another process of this user was faster, and its token is as good
            return;
        } catch (IOException e) {
            throw unusable(e);
        }
    }

    /**
     * Puts a new token in the place of the one that is there, if one is. At every moment there is the whole of one of them.
     *
     * @throws TokenUnavailableException if something else than a file is in its place, or it cannot be written
     */
    public void rotate() {
        if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            requireRegular();
        }
        byte[] random = new byte[BYTES_OF_A_NAME];
        new SecureRandom().nextBytes(random);
        Path next = file.resolveSibling(
                "." + file.getFileName() + "." + HexFormat.of().formatHex(random));
        try {
            create(next);
            try {
                Files.move(next, file, StandardCopyOption.ATOMIC_MOVE);
            } finally {
                Files.deleteIfExists(next);
            }
        } catch (IOException e) {
            throw unusable(e);
        }
    }

    /**
     * The token in it.
     *
     * @throws TokenUnavailableException if it is not there, can be read by others, is a link, or holds no token
     */
    public String read() {
        try {
            requireRegular();
            requirePrivate();
            return requireToken(content());
        } catch (NoSuchFileException e) {
            throw new TokenUnavailableException(file, "was removed while it was read", e);
        } catch (IOException e) {
            throw unusable(e);
        }
    }

    private TokenUnavailableException unusable(IOException e) {
        return new TokenUnavailableException(file, "cannot be read or made (" + e + ")", e);
    }

    private static void create(Path made) throws IOException {
        Path directory = made.getParent();
        if (directory != null) {
            Files.createDirectories(directory, mode(directory, "rwx------"));
        }
        byte[] random = new byte[BYTES];
        new SecureRandom().nextBytes(random);
        // the mode at creation and never over an existing file: at no time can another user have it open
        try (FileChannel channel = FileChannel.open(
                made, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), mode(made, "rw-------"))) {
            ByteBuffer text =
                    ByteBuffer.wrap((HexFormat.of().formatHex(random) + "\n").getBytes(StandardCharsets.US_ASCII));
            while (text.hasRemaining()) {
                channel.write(text);
            }
            channel.force(true);
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

    private void requireRegular() {
        if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            throw new TokenUnavailableException(
                    file, "is not there; `token rotate` makes it, and so does the daemon when it begins", null);
        }
        if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            throw new TokenUnavailableException(file, "is a link or no regular file", null);
        }
    }

    private void requirePrivate() throws IOException {
        if (!isPosix(file)) {
            return;
        }
        Set<PosixFilePermission> given = Files.getPosixFilePermissions(file, LinkOption.NOFOLLOW_LINKS);
        if (given.stream().anyMatch(OF_OTHERS::contains)) {
            throw new TokenUnavailableException(
                    file,
                    "may be used by other users (" + PosixFilePermissions.toString(given)
                            + "); run `chmod 600` on it, or `token rotate` if somebody may have read it",
                    null);
        }
    }

    private String content() throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)) {
            ByteBuffer bytes = ByteBuffer.allocate(MOST_BYTES_OF_FILE);
            while (bytes.hasRemaining() && channel.read(bytes) >= 0) {
                // until the end
            }
            return new String(bytes.array(), 0, bytes.position(), StandardCharsets.UTF_8).strip();
        }
    }

    private String requireToken(String token) {
        if (token.length() < SHORTEST || !token.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
            throw new TokenUnavailableException(
                    file,
                    "holds no token: it must be at least " + SHORTEST
                            + " printable characters without a space. `token rotate` puts one there",
                    null);
        }
        return token;
    }
}
