package io.pipelinev2.core.stage;

import io.pipelinev2.core.PipelineException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Pattern;

/**
 * Copies of validated models, by content: {@code DIRECTORY/<sha256>/<file name>}. The model that was validated is the
 * model that trades, whatever later happens to the directory it was trained in.
 */
public final class ModelArchive {

    private static final Pattern SHA256 = Pattern.compile("[0-9a-f]{64}");
    private static final Pattern FILE_NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,100}");

    private final Path directory;

    /**
     * The copies in a directory.
     *
     * @param directory where the copies are kept; made when the first arrives
     */
    public ModelArchive(Path directory) {
        this.directory = directory;
    }

    /**
     * {@return the SHA-256 of a model, 64 hexadecimal digits in lower case}
     *
     * @param model its bytes
     */
    public static String sha256(byte[] model) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(model));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }

    /**
     * Keeps a copy, durably, unless it is there already.
     *
     * @param model exactly the bytes that were validated
     * @param fileName the name of the file in the copy's directory, such as {@code actor.pth}
     * @return the model's SHA-256
     * @throws IllegalArgumentException if that is no plain name of a file
     * @throws PipelineException if it cannot be written
     */
    public String keep(byte[] model, String fileName) {
        if (!FILE_NAME.matcher(fileName).matches()) {
            throw new IllegalArgumentException("not a plain file name: " + fileName);
        }
        String sha256 = sha256(model);
        Path target = directory.resolve(sha256).resolve(fileName);
        if (Files.exists(target)) {
            return sha256;
        }
        try {
            Files.createDirectories(target.getParent());
            Path draft = Files.createTempFile(target.getParent(), fileName, ".tmp");
            try {
                try (FileChannel channel = FileChannel.open(draft, StandardOpenOption.WRITE)) {
                    ByteBuffer bytes = ByteBuffer.wrap(model);
                    while (bytes.hasRemaining()) {
                        channel.write(bytes);
                    }
                    channel.force(true);
                }
                Files.move(draft, target, StandardCopyOption.ATOMIC_MOVE);
            } finally {
                Files.deleteIfExists(draft);
            }
        } catch (IOException e) {
            throw new PipelineException(
                    "Cannot keep a copy of the validated model in %s: %s. Make room or fix its permissions; the trial is tried again."
                            .formatted(target, e),
                    e);
        }
        return sha256;
    }

    /**
     * {@return the directory of a model's copy, which is not there if none was kept}
     *
     * @param sha256 64 hexadecimal digits in lower case
     * @throws IllegalArgumentException if it is anything else
     */
    public Path directoryOf(String sha256) {
        if (!SHA256.matcher(sha256).matches()) {
            throw new IllegalArgumentException("not a SHA-256 in lower-case hexadecimal: " + sha256);
        }
        return directory.resolve(sha256);
    }
}
