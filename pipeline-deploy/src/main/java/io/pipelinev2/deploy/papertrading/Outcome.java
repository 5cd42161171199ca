package io.pipelinev2.deploy.papertrading;

import io.pipelinev2.backtest.environment.EnvironmentSnapshot;
import io.pipelinev2.backtest.environment.Fill;
import io.pipelinev2.backtest.environment.FillSide;
import io.pipelinev2.backtest.environment.PendingOrder;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What trading one bar led to: nothing but what follows from the bars, the model, the rules and what was allowed.
 *
 * @param equity cash plus holdings at the bar's prices
 * @param fees paid at this bar
 * @param traded value bought and sold at this bar
 * @param fills in the order in which they happened
 * @param waited the orders of the bar before that were due at this one
 * @param refusals the orders that were not let through
 * @param snapshot the state of the game after it
 * @param disagreement what the second set of books says against it, or null
 */
record Outcome(
        double equity,
        double fees,
        double traded,
        List<Fill> fills,
        List<PendingOrder> waited,
        List<Refusal> refusals,
        EnvironmentSnapshot snapshot,
        @Nullable String disagreement) {

    /**
     * As it stands in the ledger. Every order has an id that follows from deployment, step and place: {@code 7-120-2} is
     * the second order of step 120. A fill that was ordered at the bar before has the id of that order.
     */
    Map<String, @Nullable Object> toMap(Opening opening, int step) {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        map.put("equity", equity);
        map.put("cash", snapshot.cash());
        map.put("fees", fees);
        map.put("traded", traded);
        List<Map<String, @Nullable Object>> filled = new ArrayList<>();
        for (int i = 0; i < fills.size(); i++) {
            Fill fill = fills.get(i);
            Map<String, @Nullable Object> values =
                    order(opening, orderOf(opening, step, i), fill.asset(), fill.side(), fill.quantity());
            values.put("price", fill.price());
            values.put("fee", fill.fee());
            filled.add(values);
        }
        map.put("fills", filled);
        List<Map<String, @Nullable Object>> refused = new ArrayList<>();
        for (Refusal refusal : refusals) {
            Map<String, @Nullable Object> values =
                    order(opening, null, refusal.asset(), refusal.side(), refusal.quantity());
            values.put("price", refusal.price());
            values.put("reason", refusal.reason());
            refused.add(values);
        }
        map.put("refused", refused);
        List<Map<String, @Nullable Object>> pending = new ArrayList<>();
        for (int i = 0; i < snapshot.pending().size(); i++) {
            PendingOrder order = snapshot.pending().get(i);
            pending.add(order(opening, id(opening, step, i), order.asset(), order.side(), order.quantity()));
        }
        map.put("pending", pending);
        map.put("row", snapshot.row());
        // Every float is a double exactly; through its decimal form it could be rounded twice.
        map.put("holdings", doubles(snapshot.holdings()));
        map.put("cooldowns", snapshot.cooldowns());
        map.put("high_water_marks", doubles(snapshot.highWaterMarks()));
        return map;
    }

    private String orderOf(Opening opening, int step, int fill) {
        for (int i = 0; i < waited.size(); i++) {
            if (waited.get(i).asset() == fills.get(fill).asset()
                    && waited.get(i).side() == fills.get(fill).side()) {
                return id(opening, step - 1, i);
            }
        }
        return id(opening, step, fill);
    }

    private static String id(Opening opening, int step, int place) {
        return opening.deployment() + "-" + step + "-" + (place + 1);
    }

    private static Map<String, @Nullable Object> order(
            Opening opening, @Nullable String id, int asset, FillSide side, double quantity) {
        Map<String, @Nullable Object> values = new LinkedHashMap<>();
        if (id != null) {
            values.put("id", id);
        }
        values.put("asset", asset);
        values.put("name", opening.asset(asset));
        values.put("side", side.buys() ? "buy" : "sell");
        values.put("cause", cause(side));
        values.put("quantity", quantity);
        return values;
    }

    private static String cause(FillSide side) {
        return switch (side) {
            case BUY, SELL -> "agent";
            case STOP_SALE, FORCED_SALE, LIQUIDATION -> side.name().toLowerCase(Locale.ROOT);
        };
    }

    static FillSide side(String side, String cause) {
        return cause.equals("agent")
                ? FillSide.valueOf(side.toUpperCase(Locale.ROOT))
                : FillSide.valueOf(cause.toUpperCase(Locale.ROOT));
    }

    private static List<Double> doubles(List<Float> floats) {
        return floats.stream().map(Float::doubleValue).toList();
    }
}
