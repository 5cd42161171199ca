package io.pipelinev2.backtest.gate;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How one gate judged.
 *
 * @param value the figure, or null when there was none
 * @param margin how far it is on the right side of the threshold, negative when it fails, null without a figure
 * @param words the same for people
 */
public record GateResult(
        Gate gate, @Nullable Double value, @Nullable Double margin, boolean passed, String words) {

    /** As JSON-like values. */
    public Map<String, @Nullable Object> toMap() {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        map.put("gate", gate.name());
        map.put("metric", gate.metric());
        map.put("comparison", gate.comparison().sign());
        map.put("threshold", gate.threshold());
        map.put("value", value);
        map.put("margin", margin);
        map.put("passed", passed);
        map.put("words", words);
        return map;
    }
}
