package io.pipelinev2.deploy.papertrading;

import io.pipelinev2.core.PipelineException;
import org.jspecify.annotations.Nullable;

/** A trader must not trade as things stand, and says so by its exit code. */
final class TradingRefusedException extends PipelineException {

    private static final long serialVersionUID = 1L;

    private final int exitCode;

    TradingRefusedException(int exitCode, String message) {
        this(exitCode, message, null);
    }

    TradingRefusedException(int exitCode, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.exitCode = exitCode;
    }

    int exitCode() {
        return exitCode;
    }
}
