package io.pipelinev2.runner.doctor;

import io.pipelinev2.backtest.market.MalformedMarketDataException;
import io.pipelinev2.backtest.market.MarketData;
import io.pipelinev2.backtest.market.MarketDataSettings;
import io.pipelinev2.runner.config.DataConfig;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Whether the market data of the backtests can be read and is whole. */
public final class MarketDataCheck implements Check {

    private static final String FIX =
            "correct data.directory, or the files; docs/market-data.md says what must be there";

    private final DataConfig data;

    public MarketDataCheck(DataConfig data) {
        this.data = data;
    }

    @Override
    public String name() {
        return "data";
    }

    @Override
    public List<Finding> look() {
        MarketData loaded;
        try {
            loaded = MarketData.load(
                    new MarketDataSettings(data.directory(), data.timeZone(), data.assets(), data.trainedUntil()));
        } catch (IOException | MalformedMarketDataException e) {
            return List.of(Finding.fail("market data cannot be read: " + e.getMessage(), FIX));
        }
        List<Finding> findings = new ArrayList<>();
        findings.add(
                Finding.ok("%d bars of %d assets in %s".formatted(loaded.rows(), loaded.assets(), data.directory())));
        if (loaded.trainingFallback()) {
            findings.add(Finding.warn(
                    data.directory() + " has no val/, so this may be what the trials were trained on",
                    "put held-out bars into " + data.directory().resolve("val")));
        }
        loaded.warnings().forEach(warning -> findings.add(Finding.warn(warning, FIX)));
        return findings;
    }
}
