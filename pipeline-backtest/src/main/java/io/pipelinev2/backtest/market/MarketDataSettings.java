package io.pipelinev2.backtest.market;

import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneId;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;

/**
 * Which market data to read and what its files do not say themselves.
 *
 * @param directory holds {@code val/} with the data, or the data itself
 * @param timeZone the zone of times in CSV files that have none; empty refuses such times
 * @param assets the assets in the order of the price columns that the models were trained with; empty takes the files'
 *     own order
 * @param trainedUntil the last moment that the trials were trained on, if known
 */
public record MarketDataSettings(
        Path directory, Optional<ZoneId> timeZone, List<String> assets, Optional<Instant> trainedUntil) {

    /** Checks that no asset is named twice or blank. */
    public MarketDataSettings {
        assets = List.copyOf(assets);
        if (new HashSet<>(assets).size() < assets.size() || assets.stream().anyMatch(String::isBlank)) {
            throw new IllegalArgumentException("data.assets must name every asset once, was " + assets);
        }
    }

    /** Nothing is known but the directory. */
    public static MarketDataSettings of(Path directory) {
        return new MarketDataSettings(directory, Optional.empty(), List.of(), Optional.empty());
    }

    /** The same directory with assets in this order. */
    public MarketDataSettings withAssets(List<String> order) {
        return new MarketDataSettings(directory, timeZone, order, trainedUntil);
    }

    /** The same directory with zoneless times read in this zone. */
    public MarketDataSettings withTimeZone(ZoneId zone) {
        return new MarketDataSettings(directory, Optional.of(zone), assets, trainedUntil);
    }

    /** The same directory, of which everything up to and including this moment was trained on. */
    public MarketDataSettings withTrainedUntil(Instant last) {
        return new MarketDataSettings(directory, timeZone, assets, Optional.of(last));
    }
}
