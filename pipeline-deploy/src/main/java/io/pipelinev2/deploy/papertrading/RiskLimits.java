package io.pipelinev2.deploy.papertrading;

import io.pipelinev2.deploy.papertrading.json.Fields;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What stops a trader by itself, whatever its model decides: the block {@code stages.deploy.risk} of the configuration. 0
 * turns a limit off; with all of them off the account is the very game of the backtest.
 *
 * <p>Every limit is one on new entries: exits always run. A day is one in UTC, by the times of the bars; bars without times
 * count as a day for each 24 hours' worth of them.
 *
 * @param dailyLoss the daily loss stop: the share of the day's opening equity that may be lost; it ends with the day
 * @param drawdown the drawdown stop: the share that the equity may fall below its highest so far; it ends when an operator
 *     resumes
 * @param onBreach what a stop does
 * @param ordersPerDay after so many fills there is no new entry until the next day
 * @param turnoverPerDay how often the day's opening equity may be traded in a day, both sides added
 * @param orderShare the largest share of the equity that one purchase may be worth
 */
public record RiskLimits(
        double dailyLoss,
        double drawdown,
        OnBreach onBreach,
        int ordersPerDay,
        double turnoverPerDay,
        double orderShare) {

    /** No limit at all. */
    public static final RiskLimits OFF = new RiskLimits(0, 0, OnBreach.ENTRIES_ONLY, 0, 0, 0);

    /** What a stop does. */
    public enum OnBreach {
        /** No new entries; exits still run. */
        ENTRIES_ONLY,
        /** Everything is sold at the next bar, then there are no new entries. */
        FLATTEN;

        /** The word used in the configuration. */
        public String word() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }

        /** @throws IllegalArgumentException listing the known words */
        public static OnBreach of(String word) {
            for (OnBreach value : values()) {
                if (value.word().equals(word)) {
                    return value;
                }
            }
            throw new IllegalArgumentException(
                    "on_breach was '" + word + "' but must be one of: entries-only, flatten");
        }
    }

    /** Checks every limit; the message lists all faults. */
    public RiskLimits {
        List<String> faults = new ArrayList<>();
        share(faults, "daily_loss", dailyLoss);
        share(faults, "drawdown", drawdown);
        share(faults, "order_share", orderShare);
        if (ordersPerDay < 0) {
            faults.add("orders_per_day must be 0 (off) or more, was " + ordersPerDay);
        }
        if (!(turnoverPerDay >= 0) || turnoverPerDay == Double.POSITIVE_INFINITY) {
            faults.add("turnover_per_day must be 0 (off) or more, was " + turnoverPerDay);
        }
        if (!faults.isEmpty()) {
            throw new IllegalArgumentException("stages.deploy.risk: " + String.join("; ", faults));
        }
    }

    private static void share(List<String> faults, String name, double value) {
        if (!(value >= 0 && value <= 1)) {
            faults.add(name + " must be a share from 0 (off) to 1, was " + value);
        }
    }

    /** The limits as JSON-like values, by their names in the configuration. {@link #from} reads them back. */
    public Map<String, Object> toMap() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("daily_loss", dailyLoss);
        map.put("drawdown", drawdown);
        map.put("on_breach", onBreach.word());
        map.put("orders_per_day", ordersPerDay);
        map.put("turnover_per_day", turnoverPerDay);
        map.put("order_share", orderShare);
        return map;
    }

    /**
     * The limits of such a map; what is absent is off.
     *
     * @throws IllegalArgumentException naming what is wrong
     */
    public static RiskLimits from(Map<String, ? extends @Nullable Object> map) {
        Fields fields = new Fields("risk", new LinkedHashMap<>(map));
        return new RiskLimits(
                number(fields, "daily_loss"),
                number(fields, "drawdown"),
                fields.has("on_breach") ? OnBreach.of(fields.text("on_breach")) : OnBreach.ENTRIES_ONLY,
                fields.has("orders_per_day") ? fields.count("orders_per_day") : 0,
                number(fields, "turnover_per_day"),
                number(fields, "order_share"));
    }

    private static double number(Fields fields, String name) {
        return fields.has(name) ? fields.number(name) : 0;
    }
}
