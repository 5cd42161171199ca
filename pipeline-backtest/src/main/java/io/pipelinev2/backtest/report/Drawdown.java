package io.pipelinev2.backtest.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One time below a peak.
 *
 * @param depth fraction of the peak that was lost at the lowest point
 * @param peak point at which it began
 * @param trough lowest point
 * @param recovered first point that is as high as the peak again, or null when there is none
 */
record Drawdown(
        double depth, int peak, int trough, @Nullable Integer recovered) {

    /** The deepest ones, the deepest first. */
    static List<Drawdown> worst(double[] drawdowns, int howMany) {
        List<Drawdown> all = new ArrayList<>();
        int peak = 0;
        int trough = 0;
        for (int i = 1; i < drawdowns.length; i++) {
            if (drawdowns[i] > 0) {
                trough = drawdowns[i] > drawdowns[trough] ? i : trough;
                continue;
            }
            if (trough > peak) {
                all.add(new Drawdown(drawdowns[trough], peak, trough, i));
            }
            peak = i;
            trough = i;
        }
        if (trough > peak) {
            all.add(new Drawdown(drawdowns[trough], peak, trough, null));
        }
        all.sort(Comparator.comparingDouble(Drawdown::depth).reversed());
        return List.copyOf(all.subList(0, Math.min(howMany, all.size())));
    }

    /** As JSON-like values. */
    Map<String, @Nullable Object> toMap() {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        map.put("depth", depth);
        map.put("peak", peak);
        map.put("trough", trough);
        map.put("recovered", recovered);
        return map;
    }
}
