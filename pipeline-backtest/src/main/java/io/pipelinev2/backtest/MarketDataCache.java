package io.pipelinev2.backtest;

import io.pipelinev2.backtest.market.MarketData;
import io.pipelinev2.backtest.market.MarketDataFiles;
import io.pipelinev2.backtest.market.MarketDataSettings;
import io.pipelinev2.backtest.market.TrainingOverlap;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Holds the market data of one directory in memory once, however many trials play on it, until its files change. */
final class MarketDataCache {

    private final MarketDataSettings settings;
    private MarketDataFiles.@Nullable Version version;
    private @Nullable MarketData held;
    private @Nullable Compared compared;

    MarketDataCache(MarketDataSettings settings) {
        this.settings = settings;
    }

    synchronized MarketData get() throws IOException {
        MarketDataFiles files = MarketDataFiles.in(settings);
        MarketDataFiles.Version now = files.version();
        MarketData market = held;
        if (market == null || !now.equals(version)) {
            market = files.load();
            held = market;
            version = now;
        }
        return market;
    }

    /** Whether these bars, which came from here, are among those of the training. */
    synchronized TrainingOverlap overlapOf(MarketData market) {
        MarketDataFiles.Version training = TrainingOverlap.trainingVersion(settings);
        Compared last = compared;
        if (last == null
                || !last.sha256().equals(market.sha256())
                || !last.training().equals(training)) {
            last = new Compared(market.sha256(), training, TrainingOverlap.of(market, settings));
            compared = last;
        }
        return last.overlap();
    }

    private record Compared(String sha256, MarketDataFiles.Version training, TrainingOverlap overlap) {}
}
