package io.pipelinev2.deploy.papertrading;

import io.pipelinev2.backtest.environment.FillSide;
import io.pipelinev2.backtest.environment.OrderGuard;
import io.pipelinev2.core.deployment.TradingState;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Lets through what the trading state and the limits of one bar allow, and keeps what it refused. The limits are on
 * purchases alone: a sale that gets out of a position is never one order too many.
 */
final class RiskGuard implements OrderGuard {

    private final List<Refusal> refusals = new ArrayList<>();
    private TradingState state = TradingState.ACTIVE;
    private RiskLimits limits = RiskLimits.OFF;
    private double equity;
    private double dayOpening;
    private int orders;
    private double traded;

    /** A bar begins. */
    void begin(TradingState allowed, RiskLimits by, RiskState risk, double equityBefore) {
        refusals.clear();
        state = allowed;
        limits = by;
        equity = equityBefore;
        dayOpening = risk.dayOpening();
        orders = risk.ordersToday();
        traded = risk.tradedToday();
    }

    @Override
    public boolean permits(Moment moment, FillSide side, int asset, double quantity, double price) {
        double value = price * quantity;
        String reason = objection(moment, side, value);
        if (reason != null) {
            refusals.add(new Refusal(side, asset, quantity, price, reason));
            return false;
        }
        if (moment == Moment.FILLED) {
            orders++;
            traded += value;
        }
        return true;
    }

    private @Nullable String objection(Moment moment, FillSide side, double value) {
        if (state == TradingState.HALTED) {
            return "halted";
        }
        if (!side.buys()) {
            return null;
        }
        if (state == TradingState.REDUCING) {
            return "no new entries";
        }
        if (moment == Moment.PLACED) {
            return null;
        }
        if (limits.ordersPerDay() > 0 && orders >= limits.ordersPerDay()) {
            return "orders_per_day";
        }
        if (limits.turnoverPerDay() > 0 && traded + value > limits.turnoverPerDay() * dayOpening) {
            return "turnover_per_day";
        }
        return limits.orderShare() > 0 && value > limits.orderShare() * equity ? "order_share" : null;
    }

    /** What was refused at this bar. */
    List<Refusal> refusals() {
        return List.copyOf(refusals);
    }
}
