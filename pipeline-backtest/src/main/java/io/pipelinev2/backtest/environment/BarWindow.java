package io.pipelinev2.backtest.environment;

import io.pipelinev2.backtest.market.MarketData;

/** The newest bars of a market that grows: as many as an observation needs, and the one that is stepped to next. */
final class BarWindow {

    private final int assets;
    private final int features;
    private final int capacity;
    private final double[] prices;
    private final double[] tech;
    private int rows;

    BarWindow(int assets, int features, int lookback) {
        this.assets = assets;
        this.features = features;
        this.capacity = lookback + 1;
        this.prices = new double[Math.multiplyExact(capacity, assets)];
        this.tech = new double[Math.multiplyExact(capacity, features)];
    }

    /** How many bars there were in all; the last one has the row below. */
    int rows() {
        return rows;
    }

    double price(int row, int asset) {
        return prices[row % capacity * assets + asset];
    }

    double tech(int row, int column) {
        return tech[row % capacity * features + column];
    }

    void append(double[] barPrices, double[] barTech) {
        int slot = rows % capacity;
        System.arraycopy(barPrices, 0, prices, slot * assets, assets);
        System.arraycopy(barTech, 0, tech, slot * features, features);
        rows++;
    }

    /** Holds these bars alone, the last of which has this row. */
    void fill(MarketData bars, int lastRow) {
        rows = lastRow + 1 - bars.rows();
        double[] barPrices = new double[assets];
        double[] barTech = new double[features];
        for (int row = 0; row < bars.rows(); row++) {
            for (int i = 0; i < assets; i++) {
                barPrices[i] = bars.price(row, i);
            }
            for (int i = 0; i < features; i++) {
                barTech[i] = bars.tech(row, i);
            }
            append(barPrices, barTech);
        }
    }
}
