package io.pipelinev2.backtest.policy;

import io.pipelinev2.core.PipelineException;

/**
 * A model is in ONNX format and ONNX Runtime cannot be used: its library is not on the class path, or its native part
 * does not load on this machine. Nothing is wrong with the model; every ONNX model meets the same.
 */
public final class OnnxRuntimeUnavailableException extends PipelineException {

    /** @param message names the model, what is missing and the next step */
    public OnnxRuntimeUnavailableException(String message, Throwable cause) {
        super(message, cause);
    }
}
