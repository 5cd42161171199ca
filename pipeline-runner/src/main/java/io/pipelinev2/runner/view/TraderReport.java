package io.pipelinev2.runner.view;

import io.pipelinev2.core.deployment.TradingState;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a trader said of its paper account last. It is as old as its last sign of life.
 *
 * @param equity cash plus holdings at the last bar's prices, on paper
 * @param cash in quote currency, on paper, or null if it did not say
 * @param lastBar when the bar that was traded last began, or null if its data have no times
 * @param trading which orders it may give, or null if it did not say
 * @param tradingReason why it may not give all, in words, or null
 * @param at when it said so, or null if that is not known
 */
public record TraderReport(
        double equity,
        @Nullable Double cash,
        @Nullable Instant lastBar,
        @Nullable TradingState trading,
        @Nullable String tradingReason,
        @Nullable Instant at) {

    /** What was said at no known time. */
    public TraderReport(
            double equity,
            @Nullable Double cash,
            @Nullable Instant lastBar,
            @Nullable TradingState trading,
            @Nullable String tradingReason) {
        this(equity, cash, lastBar, trading, tradingReason, null);
    }
}
