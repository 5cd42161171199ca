package io.pipelinev2.deploy.papertrading;

import io.pipelinev2.backtest.market.MarketData;
import java.time.Duration;
import java.util.Optional;

/** Where a trader's bars come from. Used by one thread. */
interface BarFeed {

    /** The market as far as it is known. */
    MarketData market();

    /**
     * How long until the bar after this one may be traded, zero if it may be now; empty if none is coming as far as is
     * known.
     */
    Optional<Duration> untilBarAfter(int row);
}
