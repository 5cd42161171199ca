package io.pipelinev2.backtest.market;

import java.io.IOException;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/** Bars in two arrays on disk. */
record ArrayBars(NpyRows priceRows, NpyRows techRows, List<String> assetNames, long @Nullable [] times)
        implements RecordedBars {

    @Override
    public int rows() {
        return priceRows.rows();
    }

    @Override
    public int assets() {
        return priceRows.columns();
    }

    @Override
    public int features() {
        return techRows.columns();
    }

    @Override
    public OptionalLong time(int row) {
        return times == null ? OptionalLong.empty() : OptionalLong.of(times[row]);
    }

    @Override
    public double[] prices(int row) throws IOException {
        double[] prices = priceRows.row(row);
        for (int column = 0; column < prices.length; column++) {
            MarketData.checkPrice(priceRows.file().toString(), row, column, prices[column]);
        }
        return prices;
    }

    @Override
    public double[] tech(int row) throws IOException {
        double[] tech = techRows.row(row);
        for (int column = 0; column < tech.length; column++) {
            MarketData.checkFeature(techRows.file().toString(), row, column, tech[column]);
        }
        return tech;
    }

    @Override
    public void close() throws IOException {
        try (techRows) {
            priceRows.close();
        }
    }
}
