package io.pipelinev2.runner.logging;

import io.pipelinev2.core.PipelineException;
import java.nio.file.Path;

/** The directory of the logs cannot be made or written. */
public final class LogsUnavailableException extends PipelineException {

    private final transient Path directory;

    LogsUnavailableException(Path directory, String reason, Throwable cause) {
        super(
                "The log files cannot be written in %s: %s. Correct the directory's permissions, or name another in logs.directory."
                        .formatted(directory, reason),
                cause);
        this.directory = directory;
    }

    /** The directory that was tried. */
    public Path directory() {
        return directory;
    }
}
