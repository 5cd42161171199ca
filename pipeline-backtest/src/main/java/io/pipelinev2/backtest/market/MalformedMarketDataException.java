package io.pipelinev2.backtest.market;

import io.pipelinev2.core.PipelineException;

/**
 * A market data file was read and is not what it must be. Reading it again gives the same answer, so this is never worth
 * a retry; a file that could not be read at all is an {@link java.io.IOException} instead.
 */
public final class MalformedMarketDataException extends PipelineException {

    /** @param message names the file, the rule that it breaks and what to do */
    public MalformedMarketDataException(String message) {
        super(message);
    }
}
