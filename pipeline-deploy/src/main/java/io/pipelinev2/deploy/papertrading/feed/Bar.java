package io.pipelinev2.deploy.papertrading.feed;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One complete bar of all assets.
 *
 * @param index its place in its feed, from 0, without gaps
 * @param time when it began, or null for data without times
 * @param prices the closing price of each asset, in the feed's order
 * @param tech the features of all assets, asset by asset
 */
public record Bar(long index, @Nullable Instant time, List<Double> prices, List<Double> tech) {

    /** Keeps copies. */
    public Bar {
        if (index < 0) {
            throw new IllegalArgumentException("the index of a bar must not be negative, was " + index);
        }
        prices = List.copyOf(prices);
        tech = List.copyOf(tech);
    }
}
