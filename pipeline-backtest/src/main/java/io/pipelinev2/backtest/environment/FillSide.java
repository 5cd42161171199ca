package io.pipelinev2.backtest.environment;

/** Why a fill happened. */
public enum FillSide {
    /** The agent asked to buy. */
    BUY,
    /** The agent asked to sell. */
    SELL,
    /** The rules sold a share of a position that was not sold from for too long. */
    FORCED_SALE,
    /** The trailing stop sold the whole position. */
    STOP_SALE,
    /** The whole position was sold because everything is: {@link TradingEnvironment#liquidate}. Never in a backtest. */
    LIQUIDATION;

    /** Whether cash was spent (true) or received. */
    public boolean buys() {
        return this == BUY;
    }
}
