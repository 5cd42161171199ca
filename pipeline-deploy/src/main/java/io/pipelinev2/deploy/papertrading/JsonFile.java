package io.pipelinev2.deploy.papertrading;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** A JSON object in a file that is either the old one or the new one, whatever happens while it is written. */
final class JsonFile {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final TypeReference<Map<String, @Nullable Object>> OBJECT = new TypeReference<>() {};

    private JsonFile() {}

    /**
     * @throws IOException if it cannot be read
     * @throws MalformedException if it was read and is not a JSON object
     */
    static Fields read(Path file) throws IOException {
        byte[] bytes = Files.readAllBytes(file);
        try {
            @Nullable Map<String, @Nullable Object> values = JSON.readValue(bytes, OBJECT);
            if (values == null) {
                throw new MalformedException(file + " holds no JSON object");
            }
            return new Fields(file.toString(), values);
        } catch (JacksonException e) {
            throw new MalformedException(file + " is not a JSON object: " + e.getOriginalMessage());
        }
    }

    static void write(Path file, Map<String, ? extends @Nullable Object> values) throws IOException {
        String text = JSON.writerWithDefaultPrettyPrinter().writeValueAsString(values) + "\n";
        Path draft = file.resolveSibling(file.getFileName() + ".tmp");
        try (FileChannel channel = FileChannel.open(
                draft, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
            ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            channel.force(true);
        }
        Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
        // The rename itself lasts only once its directory has been written.
        try (FileChannel directory = FileChannel.open(file.toAbsolutePath().getParent(), StandardOpenOption.READ)) {
            directory.force(true);
        }
    }

    /** A file was read and does not say what it should. */
    static final class MalformedException extends RuntimeException {
        private static final long serialVersionUID = 1L;

        MalformedException(String message) {
            super(message);
        }
    }
}
