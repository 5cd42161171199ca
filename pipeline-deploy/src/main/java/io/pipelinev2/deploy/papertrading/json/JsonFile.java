package io.pipelinev2.deploy.papertrading.json;

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
public final class JsonFile {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final TypeReference<Map<String, @Nullable Object>> OBJECT = new TypeReference<>() {};

    private JsonFile() {}

    /**
     * The object in a file.
     *
     * @throws IOException if it cannot be read
     * @throws MalformedException if it was read and is not a JSON object
     */
    public static Fields read(Path file) throws IOException {
        return new Fields(file.toString(), parse(file.toString(), Files.readAllBytes(file)));
    }

    /**
     * The object in bytes of UTF-8.
     *
     * @param source what it is called in messages
     * @throws MalformedException if it is not a JSON object
     */
    public static Map<String, @Nullable Object> parse(String source, byte[] bytes) {
        try {
            @Nullable Map<String, @Nullable Object> values = JSON.readValue(bytes, OBJECT);
            if (values == null) {
                throw new MalformedException(source + " holds no JSON object");
            }
            return values;
        } catch (JacksonException e) {
            throw new MalformedException(source + " is not a JSON object: " + e.getOriginalMessage());
        }
    }

    /** The object in one line, in UTF-8. */
    public static byte[] line(Map<String, ? extends @Nullable Object> values) {
        return JSON.writeValueAsBytes(values);
    }

    /** Replaces a file so that the new one outlasts a crash of the machine. */
    public static void write(Path file, Map<String, ? extends @Nullable Object> values) throws IOException {
        replace(file, values, true);
    }

    /**
     * Replaces a file that is worth nothing after a crash of the machine: readers see the old or the new one, and the disk
     * is not waited for.
     */
    public static void writeFleeting(Path file, Map<String, ? extends @Nullable Object> values) throws IOException {
        replace(file, values, false);
    }

    private static void replace(Path file, Map<String, ? extends @Nullable Object> values, boolean durable)
            throws IOException {
        String text = JSON.writerWithDefaultPrettyPrinter().writeValueAsString(values) + "\n";
        Path draft = file.resolveSibling(file.getFileName() + ".tmp");
        try (FileChannel channel = FileChannel.open(
                draft, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
            ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8));
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
            if (durable) {
                channel.force(true);
            }
        }
        Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE);
        if (durable) {
            // The rename itself lasts only once its directory has been written.
            try (FileChannel directory = FileChannel.open(file.toAbsolutePath().getParent(), StandardOpenOption.READ)) {
                directory.force(true);
            }
        }
    }
}
