package io.pipelinev2.deploy.papertrading;

import io.pipelinev2.backtest.environment.EnvironmentSnapshot;
import io.pipelinev2.backtest.environment.PendingOrder;
import io.pipelinev2.core.deployment.TradingState;
import io.pipelinev2.deploy.papertrading.feed.Bar;
import io.pipelinev2.deploy.papertrading.json.Fields;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A bar that was traded, as one line of the ledger tells it. From the last one alone the account goes on.
 *
 * @param step from 1
 * @param bar the bar itself
 * @param allowed which orders could be given
 * @param liquidated whether everything was sold instead of asking the agent
 * @param equity after it
 * @param snapshot the state of the game after it
 * @param risk the state of the limits after it
 */
record BarEntry(
        int step,
        Bar bar,
        TradingState allowed,
        boolean liquidated,
        double equity,
        EnvironmentSnapshot snapshot,
        RiskState risk) {

    /** The fields of the line. */
    static Map<String, @Nullable Object> fields(
            Opening opening,
            int step,
            Bar bar,
            Permission permission,
            boolean stale,
            boolean liquidated,
            Outcome outcome,
            RiskState risk) {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        map.put("step", step);
        map.put("trading", permission.state().label());
        map.put("trading_reason", permission.reason());
        map.put("stale", stale);
        map.put("liquidated", liquidated);
        map.putAll(outcome.toMap(opening, step));
        map.put("disagreement", outcome.disagreement());
        map.put("risk", risk.toMap());
        Bars.put(bar, map);
        return map;
    }

    static BarEntry from(Fields fields) {
        return new BarEntry(
                fields.count("step"),
                Bars.from(fields),
                TradingState.of(fields.text("trading")),
                fields.flag("liquidated"),
                fields.number("equity"),
                new EnvironmentSnapshot(
                        fields.count("row"),
                        fields.number("cash"),
                        floats(fields.numbers("holdings")),
                        fields.numbers("cooldowns").stream()
                                .map(Double::intValue)
                                .toList(),
                        floats(fields.numbers("high_water_marks")),
                        fields.objectsOrNone("pending").stream()
                                .map(BarEntry::order)
                                .toList()),
                RiskState.from(fields.object("risk")));
    }

    private static PendingOrder order(Fields fields) {
        return new PendingOrder(fields.count("asset"), Outcome.side(fields.text("side"), fields.text("cause")), (float)
                fields.number("quantity"));
    }

    private static List<Float> floats(List<Double> doubles) {
        return doubles.stream().map(Double::floatValue).toList();
    }
}
