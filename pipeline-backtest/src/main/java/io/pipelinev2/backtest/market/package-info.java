/**
 * Market data: bars of prices and technical features, as NumPy arrays on disk and as {@link
 * io.pipelinev2.backtest.market.MarketData} in memory.
 *
 * <p>A file is read once, checked completely, and never trusted again: whoever holds a {@code MarketData} holds finite
 * features, positive prices and one hash by which two results can be told to stand on the same bars.
 */
@NullMarked
package io.pipelinev2.backtest.market;

import org.jspecify.annotations.NullMarked;
