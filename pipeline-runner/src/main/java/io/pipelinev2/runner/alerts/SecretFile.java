package io.pipelinev2.runner.alerts;

import io.pipelinev2.core.PipelineException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** A secret in a file of one's own. It is read for every use, so that it can be changed, and nobody keeps it. */
record SecretFile(String key, Path file) {

    private static final int MAX_BYTES = 4096;

    /**
     * The secret, without the line ending.
     *
     * @throws PipelineException if the file is missing, others may read it, or it holds no secret; the message does not show
     *     what was read
     */
    String read() {
        try {
            if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
                throw new NoSuchFileException(file.toString());
            }
            if (!Files.isRegularFile(file) || Files.size(file) > MAX_BYTES) {
                throw new PipelineException(
                        "%s names %s, which must be a file of at most %d bytes.".formatted(key, file, MAX_BYTES));
            }
            boolean others = Files.getPosixFilePermissions(file).stream()
                    .anyMatch(permission -> permission.name().startsWith("GROUP_")
                            || permission.name().startsWith("OTHERS_"));
            if (others) {
                throw new PipelineException(
                        "%s names %s, which others may use. Run `chmod 600 %s`, and change the secret if somebody else uses this machine."
                                .formatted(key, file, file));
            }
            String secret = Files.readString(file, StandardCharsets.UTF_8).strip();
            if (secret.isEmpty() || secret.chars().anyMatch(c -> c < ' ' || c == 127)) {
                throw new PipelineException("%s names %s, which must hold one line of text.".formatted(key, file));
            }
            return secret;
        } catch (NoSuchFileException e) {
            throw new PipelineException(
                    "%s names %s, which is not there. Make it, or correct the path.".formatted(key, file));
        } catch (UnsupportedOperationException | IOException e) {
            // the exception of a reader that fails to decode may show what it read
            throw new PipelineException(
                    "%s names %s, which cannot be read (%s). It must belong to the user that runs the pipeline."
                            .formatted(key, file, e.getClass().getSimpleName()));
        }
    }
}
