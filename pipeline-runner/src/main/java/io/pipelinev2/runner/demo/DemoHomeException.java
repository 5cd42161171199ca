package io.pipelinev2.runner.demo;

import io.pipelinev2.core.PipelineException;
import org.jspecify.annotations.Nullable;

/** The demo's home cannot be made where it was asked for. */
public final class DemoHomeException extends PipelineException {

    DemoHomeException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
