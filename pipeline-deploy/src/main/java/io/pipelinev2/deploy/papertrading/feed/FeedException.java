package io.pipelinev2.deploy.papertrading.feed;

import io.pipelinev2.core.PipelineException;
import org.jspecify.annotations.Nullable;

/** A feed cannot serve as it is configured; trying again would not help. */
public final class FeedException extends PipelineException {

    private static final long serialVersionUID = 1L;

    public FeedException(String message) {
        super(message);
    }

    public FeedException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
