package io.pipelinev2.deploy.papertrading.feed;

import io.pipelinev2.backtest.market.RecordedBars;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;

/** Recorded bars as a feed gives them. */
final class Recorded {

    private Recorded() {}

    /**
     * @param index under which the row is given
     * @throws UncheckedIOException if it cannot be read
     */
    static Bar bar(RecordedBars bars, int row, long index) {
        try {
            OptionalLong time = bars.time(row);
            return new Bar(
                    index,
                    time.isPresent() ? Instant.ofEpochMilli(time.getAsLong()) : null,
                    boxed(bars.prices(row)),
                    boxed(bars.tech(row)));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static List<Double> boxed(double[] values) {
        return Arrays.stream(values).boxed().toList();
    }

    static void close(RecordedBars bars) {
        try {
            bars.close();
        } catch (IOException e) {
            // Nothing was written, so nothing is lost.
        }
    }
}
