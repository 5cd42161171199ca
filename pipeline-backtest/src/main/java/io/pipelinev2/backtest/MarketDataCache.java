package io.pipelinev2.backtest;

import io.pipelinev2.backtest.market.MarketData;
import io.pipelinev2.backtest.market.MarketDataFiles;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Holds the market data of one directory in memory once, however many trials play on it, until its files change. */
final class MarketDataCache {

    private final Path directory;
    private MarketDataFiles.@Nullable Version version;
    private @Nullable MarketData held;

    MarketDataCache(Path directory) {
        this.directory = directory;
    }

    synchronized MarketData get() throws IOException {
        MarketDataFiles files = MarketDataFiles.in(directory);
        MarketDataFiles.Version now = files.version();
        MarketData market = held;
        if (market == null || !now.equals(version)) {
            market = files.load();
            held = market;
            version = now;
        }
        return market;
    }
}
