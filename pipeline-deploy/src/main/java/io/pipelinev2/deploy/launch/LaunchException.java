package io.pipelinev2.deploy.launch;

import io.pipelinev2.core.PipelineException;
import org.jspecify.annotations.Nullable;

/**
 * A process could not be started, looked at or signalled. That is the fault of this machine or of the supervisor, never
 * of the trial whose model was to trade.
 */
public final class LaunchException extends PipelineException {

    private static final long serialVersionUID = 1L;

    public LaunchException(String message) {
        super(message);
    }

    public LaunchException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
