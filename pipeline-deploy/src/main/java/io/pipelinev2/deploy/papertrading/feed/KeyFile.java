package io.pipelinev2.deploy.papertrading.feed;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.json.JsonMapper;

/** The key of an endpoint, which lies in a file of its own and nowhere else: in no argument, environment, log or database. */
final class KeyFile {

    private static final int MAX_BYTES = 4096;
    private static final Pattern PART = Pattern.compile("[!-~]{1,256}");
    private static final List<String> ID_NAMES = List.of("key_id", "APCA-API-KEY-ID");
    private static final List<String> SECRET_NAMES = List.of("secret_key", "APCA-API-SECRET-KEY");
    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final TypeReference<Map<String, @Nullable Object>> OBJECT = new TypeReference<>() {};

    private KeyFile() {}

    /** A key. Its text is not shown. */
    record Key(String id, String secret) {

        @Override
        public String toString() {
            return "a key";
        }
    }

    /**
     * Reads a key: a JSON object with {@code key_id} and {@code secret_key}, or both on a line each.
     *
     * @throws FeedException if the file is missing, others may read it, or it holds no key
     */
    static Key read(Path file) {
        try {
            Set<PosixFilePermission> allowed = Files.getPosixFilePermissions(file);
            boolean others = allowed.stream()
                    .anyMatch(permission -> permission.name().startsWith("GROUP_")
                            || permission.name().startsWith("OTHERS_"));
            if (others) {
                throw new FeedException("Others may read the key in " + file + ". Run `chmod 600 " + file
                        + "`, and have a new key made if somebody else uses this machine.");
            }
            if (!Files.isRegularFile(file) || Files.size(file) > MAX_BYTES) {
                throw new FeedException(
                        file + " is no key file: it must be a file of at most " + MAX_BYTES + " bytes.");
            }
            return parse(file, Files.readString(file, StandardCharsets.UTF_8).strip());
        } catch (NoSuchFileException e) {
            throw new FeedException("There is no key file " + file + ". Make it, or correct feed.key_file.");
        } catch (IOException e) {
            // the exception of a reader that fails to decode may show what it read
            throw new FeedException("The key file " + file + " cannot be read ("
                    + e.getClass().getSimpleName() + "). It must belong to the user that runs the pipeline.");
        }
    }

    private static Key parse(Path file, String text) {
        String id = null;
        String secret = null;
        if (text.startsWith("{")) {
            try {
                Map<String, @Nullable Object> values = JSON.readValue(text, OBJECT);
                id = first(values, ID_NAMES);
                secret = first(values, SECRET_NAMES);
            } catch (JacksonException e) {
                // Told below, without what was read.
            }
        } else {
            List<String> lines = text.lines().map(String::strip).toList();
            if (lines.size() == 2) {
                id = lines.get(0);
                secret = lines.get(1);
            }
        }
        if (id == null
                || secret == null
                || !PART.matcher(id).matches()
                || !PART.matcher(secret).matches()) {
            throw new FeedException(
                    file + " holds no key. It must be { \"key_id\": \"…\", \"secret_key\": \"…\" }, or the"
                            + " two on a line each.");
        }
        return new Key(id, secret);
    }

    private static @Nullable String first(Map<String, @Nullable Object> values, List<String> names) {
        for (String name : names) {
            if (values.get(name) instanceof String text) {
                return text;
            }
        }
        return null;
    }
}
