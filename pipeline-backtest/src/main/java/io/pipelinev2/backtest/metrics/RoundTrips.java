package io.pipelinev2.backtest.metrics;

import java.util.Arrays;

/**
 * What each sale earned, by the average-cost method. A purchase, its fee included, adds to the cost of the asset's
 * position; a sale closes one round trip for the quantity sold and earns its proceeds, less its fee, less the average
 * cost of that quantity. So a position that is sold in three parts makes three round trips, and what is still held at the
 * end makes none.
 *
 * <p>What all round trips earned and what {@link #openCost()} lacks to the market value is together the gain of the run.
 *
 * <p>An instance belongs to one thread; it allocates only to grow.
 */
public final class RoundTrips {

    private final double[] quantities;
    private final double[] costs;
    private double[] earned = new double[64];
    private int count;

    /** Nothing bought yet, in so many assets. */
    public RoundTrips(int assets) {
        this.quantities = new double[assets];
        this.costs = new double[assets];
    }

    /**
     * @param quantity positive
     * @param price per unit
     * @param fee paid on top
     */
    public void buy(int asset, double quantity, double price, double fee) {
        quantities[asset] += quantity;
        costs[asset] += quantity * price + fee;
    }

    /**
     * @param quantity positive; what is more than was bought has no cost
     * @param price per unit
     * @param fee taken out of the proceeds
     */
    public void sell(int asset, double quantity, double price, double fee) {
        double held = quantities[asset];
        double cost = quantity < held ? costs[asset] * (quantity / held) : costs[asset];
        quantities[asset] = Math.max(0, held - quantity);
        costs[asset] -= cost;
        if (count == earned.length) {
            earned = Arrays.copyOf(earned, 2 * count);
        }
        earned[count++] = quantity * price - fee - cost;
    }

    /** What each round trip earned in quote currency, in the order of the sales. */
    public double[] earned() {
        return Arrays.copyOf(earned, count);
    }

    /** What was paid, fees included, for all that is still held. */
    public double openCost() {
        double sum = 0;
        for (double cost : costs) {
            sum += cost;
        }
        return sum;
    }
}
