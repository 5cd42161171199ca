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
    private final double sealed;
    private MarketDataFiles.@Nullable Version version;
    private @Nullable MarketWindows held;
    private @Nullable Compared compared;

    /** @param sealed the share of bars that is kept back */
    MarketDataCache(MarketDataSettings settings, double sealed) {
        this.settings = settings;
        this.sealed = sealed;
    }

    synchronized MarketWindows get() throws IOException {
        MarketDataFiles files = MarketDataFiles.in(settings);
        MarketDataFiles.Version now = files.version();
        MarketWindows windows = held;
        if (windows == null || !now.equals(version)) {
            windows = MarketWindows.of(files.load(), sealed);
            held = windows;
            version = now;
        }
        return windows;
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
