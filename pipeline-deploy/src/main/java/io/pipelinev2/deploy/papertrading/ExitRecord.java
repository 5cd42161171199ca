package io.pipelinev2.deploy.papertrading;

import io.pipelinev2.core.PipelineException;
import io.pipelinev2.deploy.papertrading.json.Fields;
import io.pipelinev2.deploy.papertrading.json.JsonFile;
import io.pipelinev2.deploy.papertrading.json.MalformedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How a deployment's process ended, by its own account: {@code exit.json} in its state directory. A supervisor that was
 * not its parent learns the exit code from nowhere else.
 *
 * @param nonce the nonce of the start that ended
 * @param code its exit code
 * @param reason why, in words
 * @param at when
 */
public record ExitRecord(String nonce, int code, String reason, Instant at) {

    /** Its name in the state directory. */
    public static final String NAME = "exit.json";

    /** The record of this start, or empty if it left none that can be read. */
    public static Optional<ExitRecord> read(Path stateDirectory, String nonce) {
        try {
            Fields fields = JsonFile.read(stateDirectory.resolve(NAME));
            ExitRecord found = new ExitRecord(
                    fields.text("nonce"), fields.count("code"), fields.text("reason"), fields.time("at"));
            return Optional.of(found).filter(exit -> exit.nonce().equals(nonce));
        } catch (IOException | MalformedException none) {
            return Optional.empty();
        }
    }

    /**
     * Removes what an earlier start left.
     *
     * @throws PipelineException if that cannot be done
     */
    public static void clear(Path stateDirectory) {
        try {
            Files.deleteIfExists(stateDirectory.resolve(NAME));
        } catch (IOException e) {
            throw new PipelineException("Cannot remove " + stateDirectory.resolve(NAME) + ": " + e + ".", e);
        }
    }

    void writeTo(Path stateDirectory) throws IOException {
        Map<String, @Nullable Object> values = new LinkedHashMap<>();
        values.put("mode", "PAPER");
        values.put("nonce", nonce);
        values.put("code", code);
        values.put("reason", reason);
        values.put("at", at.toString());
        JsonFile.write(stateDirectory.resolve(NAME), values);
    }
}
