package io.pipelinev2.deploy.papertrading;

import java.nio.file.Path;
import java.time.ZoneId;
import java.util.List;
import java.util.Optional;

/**
 * The market data that a trader plays, read with the settings of the backtest so that it is the same.
 *
 * @param directory of the data
 * @param timeZone of times in CSV files that have none
 * @param assets their order, or empty for the files' own
 */
public record MarketSource(Path directory, Optional<ZoneId> timeZone, List<String> assets) {

    /** Keeps a copy. */
    public MarketSource {
        assets = List.copyOf(assets);
    }

    /** Data that says all by itself. */
    public static MarketSource of(Path directory) {
        return new MarketSource(directory, Optional.empty(), List.of());
    }

    /** The same with the directory as seen from another. */
    public MarketSource within(Path home) {
        return new MarketSource(home.resolve(directory).normalize(), timeZone, assets);
    }
}
