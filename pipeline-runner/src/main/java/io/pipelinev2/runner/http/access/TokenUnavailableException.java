package io.pipelinev2.runner.http.access;

import io.pipelinev2.core.PipelineException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** A file with an access token cannot be used. A server that is to begin with it does not. */
public final class TokenUnavailableException extends PipelineException {

    private final transient Path file;

    TokenUnavailableException(Path file, String why, @Nullable Throwable cause) {
        super(
                "The access token's file " + file + " " + why
                        + ". It belongs to http.token_file or http.read_token_file.",
                cause);
        this.file = file;
    }

    /** The file. */
    public Path file() {
        return file;
    }
}
