package io.pipelinev2.backtest.market;

import java.io.IOException;
import java.util.List;
import java.util.OptionalLong;

/**
 * The bars of a directory one by one, for whoever goes through them once: the same numbers as {@link MarketData#load}
 * gives, under the same rules, each checked when it is read. Arrays are read a few rows at a time, so that a day of seconds
 * needs no more memory than an hour; CSV files are held in memory, because features need all of them.
 *
 * <p>It shows the files as they were when it was opened. Used by one thread.
 */
public interface RecordedBars extends AutoCloseable {

    /**
     * Opens the bars that {@link MarketDataFiles} finds.
     *
     * @throws IOException when a file is missing or cannot be read; a later attempt may succeed
     * @throws MalformedMarketDataException when a file breaks a rule
     */
    static RecordedBars open(MarketDataSettings settings) throws IOException {
        return MarketDataFiles.in(settings).open();
    }

    /** Names of the assets in the order of the prices; empty when they are not known. */
    List<String> assetNames();

    /** Number of bars. */
    int rows();

    /** Number of assets. */
    int assets();

    /** Number of features per bar, over all assets. */
    int features();

    /** Epoch milliseconds of bar {@code row} (from 0); empty when times are not known. */
    OptionalLong time(int row);

    /** The prices of bar {@code row} (from 0), positive and finite; a copy. */
    double[] prices(int row) throws IOException;

    /** The features of bar {@code row} (from 0), all finite; a copy. */
    double[] tech(int row) throws IOException;

    @Override
    void close() throws IOException;
}
