package io.pipelinev2.runner.backup;

import io.pipelinev2.core.PipelineException;
import org.jspecify.annotations.Nullable;

/** A backup cannot be written, cannot be read, or is not what its manifest says. */
public final class BackupException extends PipelineException {

    private static final long serialVersionUID = 1L;

    BackupException(String message) {
        super(message);
    }

    BackupException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
