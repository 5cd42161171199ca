package io.pipelinev2.backtest.metrics;

/**
 * What the market itself returned, with equal capital in every asset and without fees.
 *
 * @param buyAndHold per step, bought at the first bar and left alone
 * @param rebalanced per step, brought back to equal capital at every bar
 */
public record EqualWeightBenchmark(double[] buyAndHold, double[] rebalanced) {

    /** Takes its own copies and checks that they are of one length. */
    public EqualWeightBenchmark {
        if (buyAndHold.length != rebalanced.length) {
            throw new IllegalArgumentException(
                    "both benchmarks must have as many steps, had " + buyAndHold.length + " and " + rebalanced.length);
        }
        buyAndHold = buyAndHold.clone();
        rebalanced = rebalanced.clone();
    }

    /**
     * @param prices of bars 0 to {@code steps}
     */
    public static EqualWeightBenchmark of(Prices prices, int assets, int steps) {
        double[] held = new double[steps];
        double[] rebalanced = new double[steps];
        double before = 1;
        for (int step = 1; step <= steps; step++) {
            double sinceStart = 0;
            double sinceLast = 0;
            for (int asset = 0; asset < assets; asset++) {
                double price = prices.at(step, asset);
                sinceStart += price / prices.at(0, asset);
                sinceLast += price / prices.at(step - 1, asset);
            }
            double now = sinceStart / assets;
            held[step - 1] = now / before - 1;
            rebalanced[step - 1] = sinceLast / assets - 1;
            before = now;
        }
        return new EqualWeightBenchmark(held, rebalanced);
    }

    /** A copy. */
    @Override
    public double[] buyAndHold() {
        return buyAndHold.clone();
    }

    /** A copy. */
    @Override
    public double[] rebalanced() {
        return rebalanced.clone();
    }
}
