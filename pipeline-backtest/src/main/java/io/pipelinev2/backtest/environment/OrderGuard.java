package io.pipelinev2.backtest.environment;

/**
 * Is shown every order of a {@link TradingEnvironment} and may refuse it, whoever decided it: the agent, the trailing stop or
 * a forced sale. An order that is refused is as if it had never been decided. Without a guard, and with one that permits
 * everything, the game is the same bit by bit.
 */
@FunctionalInterface
public interface OrderGuard {

    /**
     * Whether an order may go on.
     *
     * @param moment whether it is about to wait for the next bar or to be filled
     * @param side who decided it, and whether it buys
     * @param asset price column, from 0
     * @param quantity units of the asset, positive on both sides; at {@link Moment#PLACED} what is asked for, at {@link
     *     Moment#FILLED} exactly what will be filled
     * @param price per unit at the current bar, with the slippage
     */
    boolean permits(Moment moment, FillSide side, int asset, double quantity, double price);

    /** When a guard is asked. */
    enum Moment {
        /** An order was decided that is filled at the next bar. Only under {@link Fills#NEXT_BAR}. */
        PLACED,
        /** An order is about to be filled. */
        FILLED
    }
}
