package io.pipelinev2.backtest.gate;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How one gate judged.
 *
 * @param name what people call the gate
 * @param threshold the gate, if it is a threshold; null of a {@link CustomGate}
 * @param value the figure, or null when there was none
 * @param margin how far it is on the right side of the threshold, negative when it fails, null without a figure
 * @param words the same for people
 * @param basis what it was judged by, such as {@code sharpe >= 1.0}
 */
public record GateResult(
        String name,
        @Nullable Gate threshold,
        @Nullable Double value,
        @Nullable Double margin,
        boolean passed,
        String words,
        String basis) {

    /** How a threshold judged. */
    public GateResult(Gate threshold, @Nullable Double value, @Nullable Double margin, boolean passed, String words) {
        this(threshold.name(), threshold, value, margin, passed, words, threshold.basis());
    }

    /** How a gate of the user's own judged. */
    static GateResult of(CustomGate gate, GateDecision decision) {
        String verdict = gate.name() + (decision.passed() ? " passed" : " failed");
        String words = decision.reason().isBlank() ? verdict : verdict + ": " + decision.reason();
        return new GateResult(gate.name(), null, null, null, decision.passed(), words, gate.basis());
    }

    /** As JSON-like values; of a gate that is no threshold, metric, comparison, threshold, value and margin are null. */
    public Map<String, @Nullable Object> toMap() {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        map.put("gate", name);
        map.put("metric", threshold == null ? null : threshold.metric());
        map.put("comparison", threshold == null ? null : threshold.comparison().sign());
        map.put("threshold", threshold == null ? null : threshold.threshold());
        map.put("value", value);
        map.put("margin", margin);
        map.put("passed", passed);
        map.put("words", words);
        return map;
    }
}
