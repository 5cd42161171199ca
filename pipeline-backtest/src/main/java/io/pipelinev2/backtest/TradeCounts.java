package io.pipelinev2.backtest;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * How often a run traded, by cause.
 *
 * @param buys purchases that the agent asked for
 * @param sells sales that the agent asked for
 * @param forcedSales sales by the rules of positions held too long
 * @param stopSales sales by the trailing stop
 * @param lapsedOrders orders decided at the last bar, which had no next bar to be filled at
 */
public record TradeCounts(int buys, int sells, int forcedSales, int stopSales, int lapsedOrders) {

    /** All that were filled. */
    public int total() {
        return buys + sells + forcedSales + stopSales;
    }

    /** As JSON-like values. */
    public Map<String, Object> toMap() {
        Map<String, Object> map = new LinkedHashMap<>();
        map.put("buys", buys);
        map.put("sells", sells);
        map.put("forced_sales", forcedSales);
        map.put("stop_sales", stopSales);
        map.put("lapsed_orders", lapsedOrders);
        return map;
    }
}
