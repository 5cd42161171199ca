package io.pipelinev2.deploy.papertrading;

import io.pipelinev2.core.deployment.TradingState;
import io.pipelinev2.deploy.papertrading.RiskLimits.OnBreach;
import io.pipelinev2.deploy.papertrading.json.Fields;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the risk limits remember from bar to bar. It stands in every bar's line of the ledger, so that a restart clears
 * nothing: a daily loss stop ends with its day alone, any other stop when an operator resumes.
 */
final class RiskState {

    private long day;
    private double dayOpening;
    private double highWater;
    private int ordersToday;
    private double tradedToday;
    private @Nullable String dailyStop;
    private Permission lastingStop = Permission.ALL;
    private boolean flattenDue;
    private long flattensSeen;
    private long resumesSeen;

    /** That of an account that begins. */
    RiskState(long day, double equity) {
        this.day = day;
        this.dayOpening = equity;
        this.highWater = equity;
    }

    /** A bar of this day is about to be traded. */
    void enter(long barDay, double equity) {
        if (barDay != day) {
            day = barDay;
            dayOpening = equity;
            ordersToday = 0;
            tradedToday = 0;
            dailyStop = null;
        }
    }

    /**
     * Takes note of what an operator asked for since the last time. Nobody knows which of a flatten and a resume came first
     * if both are new: everything is sold then, and it stays at that until the next resume.
     */
    void heed(Control control, double equity) {
        if (control.resumes() > resumesSeen) {
            resumesSeen = control.resumes();
            if (lastingStop.state() != TradingState.ACTIVE) {
                // Measured from here on; else it would stop again at once.
                highWater = equity;
            }
            lastingStop = Permission.ALL;
            flattenDue = false;
        }
        if (control.flattens() > flattensSeen) {
            flattensSeen = control.flattens();
            lastingStop = lastingStop.and(Permission.exitsOnly("an operator had everything sold, until `resume`"));
            flattenDue = true;
        }
    }

    /** A bar was traded. */
    void settle(RiskLimits limits, boolean liquidated, int fills, double traded, double equity) {
        flattenDue &= !liquidated;
        ordersToday += fills;
        tradedToday += traded;
        highWater = Math.max(highWater, equity);
        if (dailyStop == null && limits.dailyLoss() > 0 && dayOpening - equity >= limits.dailyLoss() * dayOpening) {
            dailyStop = "the daily loss stop of " + percent(limits.dailyLoss()) + " was reached (" + money(equity)
                    + " after the day's opening " + money(dayOpening) + "), until the day ends";
            flattenDue |= limits.onBreach() == OnBreach.FLATTEN;
        }
        if (lastingStop.state() == TradingState.ACTIVE
                && limits.drawdown() > 0
                && highWater - equity >= limits.drawdown() * highWater) {
            lastingStop = Permission.exitsOnly("the drawdown stop of " + percent(limits.drawdown()) + " was reached ("
                    + money(equity) + " after a high of " + money(highWater) + "), until `resume`");
            flattenDue |= limits.onBreach() == OnBreach.FLATTEN;
        }
    }

    /** No order any more until an operator resumes. */
    void halt(String why) {
        lastingStop = Permission.nothing(why + ", until `resume`");
    }

    Permission permission() {
        return dailyStop == null ? lastingStop : lastingStop.and(Permission.exitsOnly(dailyStop));
    }

    /** Whether everything is to be sold at the next bar, unless the trader is halted. */
    boolean flattenDue() {
        return flattenDue;
    }

    double dayOpening() {
        return dayOpening;
    }

    int ordersToday() {
        return ordersToday;
    }

    double tradedToday() {
        return tradedToday;
    }

    Map<String, @Nullable Object> toMap() {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        map.put("day", day);
        map.put("day_opening", dayOpening);
        map.put("high_water", highWater);
        map.put("orders_today", ordersToday);
        map.put("traded_today", tradedToday);
        map.put("daily_stop", dailyStop);
        map.put("lasting_stop", lastingStop.reason());
        map.put("lasting_state", lastingStop.state().label());
        map.put("flatten_due", flattenDue);
        map.put("flattens_seen", flattensSeen);
        map.put("resumes_seen", resumesSeen);
        return map;
    }

    static RiskState from(Fields fields) {
        RiskState state = new RiskState(fields.whole("day"), fields.number("day_opening"));
        state.highWater = fields.number("high_water");
        state.ordersToday = fields.count("orders_today");
        state.tradedToday = fields.number("traded_today");
        state.dailyStop = fields.textOrNull("daily_stop");
        state.lastingStop =
                new Permission(TradingState.of(fields.text("lasting_state")), fields.textOrNull("lasting_stop"));
        state.flattenDue = fields.flag("flatten_due");
        state.flattensSeen = fields.whole("flattens_seen");
        state.resumesSeen = fields.whole("resumes_seen");
        return state;
    }

    private static String percent(double share) {
        return String.format(Locale.ROOT, "%.4g", share * 100).replaceFirst("\\.?0+$", "") + " %";
    }

    private static String money(double value) {
        return String.format(Locale.ROOT, "%.2f", value);
    }
}
