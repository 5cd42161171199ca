package io.pipelinev2.deploy.papertrading.feed;

import io.pipelinev2.backtest.market.GrowingCsv;
import io.pipelinev2.backtest.market.MarketDataFiles;
import io.pipelinev2.backtest.market.MarketDataSettings;
import io.pipelinev2.core.Clock;
import io.pipelinev2.deploy.papertrading.MarketSource;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/** Opens feeds. */
public final class Feeds {

    private Feeds() {}

    /**
     * Opens the feed that is configured.
     *
     * @param data the market data of the backtest: what is replayed, and what says the order of the assets
     * @param pace real time per bar of a replay; zero for as fast as possible
     * @param heldBack how many of the last bars a replay leaves out: a backtest ends a lookback before the end of its data
     * @param sharedDirectory where the traders of a home share what they fetched: {@code state/feeds}
     * @throws IOException when a file is missing or cannot be read; a later attempt may succeed
     * @throws io.pipelinev2.backtest.market.MalformedMarketDataException when a file was read and breaks a rule
     * @throws FeedException when the feed cannot serve as it is configured
     */
    public static BarFeed open(
            FeedSettings settings, MarketSource data, Duration pace, int heldBack, Clock clock, Path sharedDirectory)
            throws IOException {
        if (settings instanceof FeedSettings.HttpBars http) {
            return HttpBarFeed.open(http, data.assets(), clock, sharedDirectory);
        }
        if (settings instanceof FeedSettings.Follow follow) {
            MarketDataSettings where = market(follow.directory().orElse(data.directory()), data);
            Optional<GrowingCsv> csv = MarketDataFiles.in(where).growing();
            return csv.isPresent()
                    ? new FollowCsvFeed(csv.get(), follow.interval(), clock)
                    : FollowArraysFeed.open(where, follow.interval(), clock);
        }
        return ReplayFeed.open(market(data.directory(), data), pace, heldBack, clock);
    }

    private static MarketDataSettings market(Path directory, MarketSource data) {
        return new MarketDataSettings(directory, data.timeZone(), data.assets(), Optional.empty());
    }
}
