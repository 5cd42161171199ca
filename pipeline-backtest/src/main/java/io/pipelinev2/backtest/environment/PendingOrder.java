package io.pipelinev2.backtest.environment;

/**
 * What was decided at one bar and is filled at the next one, under {@link Fills#NEXT_BAR}.
 *
 * @param asset price column, from 0
 * @param side who decided it, and whether it buys
 * @param quantity units of the asset, positive on both sides. What is filled may be less: cash or holdings may not suffice
 */
public record PendingOrder(int asset, FillSide side, float quantity) {

    /** Checks that it is a possible order. */
    public PendingOrder {
        if (asset < 0) {
            throw new EnvironmentException("a pending order's asset must not be negative, was " + asset);
        }
        if (!(quantity > 0) || quantity == Float.POSITIVE_INFINITY) {
            throw new EnvironmentException("a pending order's quantity must be positive and finite, was " + quantity);
        }
    }
}
