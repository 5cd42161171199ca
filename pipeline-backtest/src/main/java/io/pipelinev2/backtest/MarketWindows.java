package io.pipelinev2.backtest;

import io.pipelinev2.backtest.environment.EnvironmentException;
import io.pipelinev2.backtest.market.MarketData;

/**
 * Market data in two parts: what trials are judged and ranked on, and the last bars, which are kept back until one has been
 * chosen.
 */
final class MarketWindows {

    private final MarketData all;
    private final MarketData ranked;
    private final int sealedRows;

    private MarketWindows(MarketData all, int sealedRows) {
        this.all = all;
        this.sealedRows = sealedRows;
        this.ranked = sealedRows == 0 ? all : all.head(all.rows() - sealedRows);
    }

    /** @param sealed the share of bars that is kept back, from 0 and below 1 */
    static MarketWindows of(MarketData all, double sealed) {
        return new MarketWindows(all, (int) (all.rows() * sealed));
    }

    /** What trials are judged and ranked on. */
    MarketData ranked() {
        return ranked;
    }

    /**
     * The bars that were kept back, with as many before them as a first observation needs: the first fill is at the first
     * bar that was kept back.
     *
     * @throws EnvironmentException when there are none, or too few
     */
    MarketData sealed(int lookback) {
        if (sealedRows <= lookback) {
            throw new EnvironmentException(
                    "Of the market data " + sealedRows + " bars are kept back, but a lookback of " + lookback
                            + " needs more. Raise data.sealed or use a longer range of bars.");
        }
        return all.from(all.rows() - sealedRows - lookback);
    }
}
