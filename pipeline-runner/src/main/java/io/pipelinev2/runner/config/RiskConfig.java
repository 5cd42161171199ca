package io.pipelinev2.runner.config;

import io.pipelinev2.deploy.papertrading.RiskLimits;
import io.pipelinev2.deploy.papertrading.RiskLimits.OnBreach;
import java.util.Arrays;

/**
 * What stops a bundled paper trader by itself: the block {@code stages.deploy.risk}. 0 turns a limit off.
 *
 * @param dailyLoss the share of the day's opening equity that may be lost
 * @param drawdown the share that the equity may fall below its highest so far
 * @param onBreach what either of them does: {@code entries-only} or {@code flatten}
 * @param ordersPerDay after so many fills there is no new entry until the next day
 * @param turnoverPerDay how often the day's opening equity may be traded in a day
 * @param orderShare the largest share of the equity that one purchase may be worth
 */
public record RiskConfig(
        double dailyLoss,
        double drawdown,
        String onBreach,
        int ordersPerDay,
        double turnoverPerDay,
        double orderShare) {

    private static final Rule<Double> SHARE = new Rule<>(value -> value >= 0 && value <= 1, "from 0 (off) to 1");
    private static final Rule<Double> TURNOVER =
            new Rule<>(value -> value >= 0 && value < Double.POSITIVE_INFINITY, "at least 0 (off)");
    private static final Rule<Integer> ORDERS = Rule.between(0, 1_000_000_000);
    private static final Rule<String> ON_BREACH =
            Rule.oneOf(Arrays.stream(OnBreach.values()).map(OnBreach::word).toList());

    public RiskConfig {
        SHARE.require("daily_loss", dailyLoss);
        SHARE.require("drawdown", drawdown);
        ON_BREACH.require("on_breach", onBreach);
        ORDERS.require("orders_per_day", ordersPerDay);
        TURNOVER.require("turnover_per_day", turnoverPerDay);
        SHARE.require("order_share", orderShare);
    }

    static RiskConfig read(Options options) {
        RiskConfig risk = new RiskConfig(
                options.number("daily_loss", 0, SHARE) + 0.0,
                options.number("drawdown", 0, SHARE) + 0.0,
                options.text("on_breach", OnBreach.ENTRIES_ONLY.word(), ON_BREACH),
                options.integer("orders_per_day", 0, ORDERS),
                options.number("turnover_per_day", 0, TURNOVER) + 0.0,
                options.number("order_share", 0, SHARE) + 0.0);
        options.refuseUnknown();
        return risk;
    }

    /** The limits that a trader is given. */
    public RiskLimits limits() {
        return new RiskLimits(dailyLoss, drawdown, OnBreach.of(onBreach), ordersPerDay, turnoverPerDay, orderShare);
    }
}
