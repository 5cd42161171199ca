package io.pipelinev2.backtest.policy;

import io.pipelinev2.backtest.market.MarketData;

/**
 * An actor along the bars of a market. What the market contributes to the first layer does not depend on the actions, so it
 * is added up ahead for a chunk of bars at a time, where each weight that is loaded serves several bars; per step only cash
 * and holdings are left. With a long lookback that is nearly all of the network.
 *
 * <p>Actions are those of {@link ActorNetwork#act(float[], float[])} on the whole observation, bit by bit. Nothing is
 * allocated per step. One instance belongs to one thread.
 */
public final class ActorRollout {

    private static final int BARS_AHEAD = 64;
    /** Inputs added at once: their weights stay in the first-level cache while the chunk's bars pass. */
    private static final int INPUTS_AT_ONCE = 112;

    private final ActorNetwork network;
    private final MarketData market;
    private final int lookback;
    private final double normTech;
    private final float[] features;
    private final float[][] sums;
    private int firstRow;
    private int rows;

    ActorRollout(ActorNetwork network, MarketData market, int lookback, double normTech) {
        int needed = network.accountLength() + Math.multiplyExact(lookback, market.features());
        if (lookback < 1 || needed != network.checkpoint().stateDimension()) {
            throw new IllegalArgumentException(
                    "the network takes " + network.checkpoint().stateDimension() + " values, but a lookback of "
                            + lookback + " makes " + needed);
        }
        this.network = network;
        this.market = market;
        this.lookback = lookback;
        this.normTech = normTech;
        this.features = new float[(BARS_AHEAD + lookback - 1) * market.features()];
        this.sums = new float[BARS_AHEAD][network.first().length()];
    }

    /**
     * The actions at a bar.
     *
     * @param row the bar, at least {@code lookback - 1}; fast when bars follow each other
     * @param account the observation's first values: cash and holdings, normed
     * @param action receives one value per asset
     */
    public void act(int row, float[] account, float[] action) {
        if (account.length != network.accountLength()
                || action.length != network.checkpoint().actions()) {
            throw new IllegalArgumentException("the network takes " + network.accountLength()
                    + " values of the account and gives " + network.checkpoint().actions()
                    + " actions, but was given arrays of " + account.length + " and " + action.length);
        }
        if (row < firstRow || row >= firstRow + rows) {
            addUpFrom(row);
        }
        network.actFrom(sums[row - firstRow], account, action);
    }

    private void addUpFrom(int row) {
        if (row < lookback - 1 || row >= market.rows()) {
            throw new IllegalArgumentException(
                    "there is nothing to observe at row " + row + " with a lookback of " + lookback + " in " + market);
        }
        // Nothing is prepared should reading fail.
        rows = 0;
        firstRow = row;
        int ahead = Math.min(BARS_AHEAD, market.rows() - row);
        readFeatures(row - (lookback - 1), row + ahead);
        Kernel.Hidden layer = network.first();
        for (int bar = 0; bar < ahead; bar++) {
            System.arraycopy(layer.bias(), 0, sums[bar], 0, layer.length());
        }
        for (int back = 0; back < lookback; back++) {
            add(layer, back, ahead);
        }
        rows = ahead;
    }

    private void add(Kernel.Hidden layer, int back, int ahead) {
        int width = market.features();
        int newest = lookback - 1 - back;
        for (int from = 0; from < width; from += INPUTS_AT_ONCE) {
            int count = Math.min(INPUTS_AT_ONCE, width - from);
            layer.add(back * width + from, count, features, newest * width + from, width, sums, ahead);
        }
    }

    private void readFeatures(int from, int to) {
        int width = market.features();
        int at = 0;
        for (int row = from; row < to; row++) {
            for (int column = 0; column < width; column++) {
                features[at++] = (float) (market.tech(row, column) * normTech);
            }
        }
    }
}
