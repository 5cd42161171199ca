package io.pipelinev2.backtest.environment;

import io.pipelinev2.core.PipelineException;

/**
 * Rules, parameters, market data and actions do not fit together, so that the game cannot be played. The message names
 * both sides. The same input gives the same answer: not worth a retry.
 */
public final class EnvironmentException extends PipelineException {

    /** @param message names the thing, the rule and the next step */
    public EnvironmentException(String message) {
        super(message);
    }
}
