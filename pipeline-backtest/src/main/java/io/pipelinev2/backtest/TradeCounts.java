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
 */
public record TradeCounts(int buys, int sells, int forcedSales, int stopSales) {

    /** All of them. */
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
        return map;
    }
}
