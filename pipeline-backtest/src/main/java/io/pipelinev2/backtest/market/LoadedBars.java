package io.pipelinev2.backtest.market;

import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;

/** Bars in memory. */
record LoadedBars(MarketData market) implements RecordedBars {

    @Override
    public List<String> assetNames() {
        return market.assetNames();
    }

    @Override
    public int rows() {
        return market.rows();
    }

    @Override
    public int assets() {
        return market.assets();
    }

    @Override
    public int features() {
        return market.features();
    }

    @Override
    public OptionalLong time(int row) {
        return market.time(row);
    }

    @Override
    public double[] prices(int row) {
        double[] prices = new double[market.assets()];
        Arrays.setAll(prices, asset -> market.price(row, asset));
        return prices;
    }

    @Override
    public double[] tech(int row) {
        double[] tech = new double[market.features()];
        Arrays.setAll(tech, column -> market.tech(row, column));
        return tech;
    }

    @Override
    public void close() {
        // Nothing is held but memory.
    }
}
