package io.pipelinev2.backtest.policy;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;

/** Brings a model file of any format into memory, up to a limit. */
final class ModelFile {

    /** A hidden width of 4096 and a lookback of 60 make about 160 MB; the original's are under 30 MB. */
    static final int MAX_BYTES = 256 << 20;

    private ModelFile() {}

    /**
     * @throws IOException when the file is missing or cannot be read; a later attempt may succeed
     * @throws CheckpointException when it is not a file, or too long
     */
    static byte[] read(Path file) throws IOException {
        // Not "does not exist": what cannot be looked at, such as an unmounted disk, is an ordinary IOException.
        if (Files.notExists(file)) {
            throw new NoSuchFileException(file.toString(), null, "no model: " + file + " does not exist");
        }
        BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
        if (!attributes.isRegularFile()) {
            throw new CheckpointException("The model " + file + " cannot be used: it is not a regular file.");
        }
        if (attributes.size() > MAX_BYTES) {
            throw new CheckpointException(
                    "The model " + file + " cannot be used: it is longer than the limit of " + MAX_BYTES + " bytes.");
        }
        try (InputStream in = Files.newInputStream(file)) {
            return in.readNBytes(MAX_BYTES + 1);
        }
    }

    /** Text from a file on its way into a message: short, and without control characters. */
    static String printable(String text, int length) {
        String shown = text.length() > length ? text.substring(0, length) + "..." : text;
        return shown.replaceAll("[^\\x20-\\x7e]", "?");
    }
}
