package io.pipelinev2.backtest.gate;

import io.pipelinev2.backtest.metrics.Metric;
import java.util.List;
import java.util.Map;

/**
 * Gates under one name.
 *
 * @param name as in the configuration
 * @param gates at least one
 */
public record GateSet(String name, List<Gate> gates) {

    /**
     * The original V2 gate, by the original's formulas, and one more: the model must trade at all. The original let
     * models pass that could not place a single order.
     */
    public static final GateSet V2_BASIC = new GateSet(
            "v2-basic",
            List.of(
                    new Gate("trades", "trades", Comparison.AT_LEAST, 1),
                    new Gate("total return", "legacy_v2.total_return", Comparison.AT_LEAST, -0.5),
                    new Gate("drawdown", "legacy_v2.max_drawdown", Comparison.AT_LEAST, -0.8)));

    private static final Map<String, GateSet> PRESETS = Map.of(V2_BASIC.name(), V2_BASIC);

    /** Takes its own copy of the gates. */
    public GateSet {
        gates = List.copyOf(gates);
        if (gates.isEmpty()) {
            throw new IllegalArgumentException("the gate set '" + name + "' must have at least one gate, had none");
        }
    }

    /**
     * A set that comes with the program.
     *
     * @throws IllegalArgumentException listing the known names
     */
    public static GateSet preset(String name) {
        GateSet set = PRESETS.get(name);
        if (set == null) {
            throw new IllegalArgumentException("gates was '" + name + "' but must be one of: "
                    + String.join(", ", PRESETS.keySet().stream().sorted().toList()));
        }
        return set;
    }

    /**
     * Judges a run.
     *
     * @param evidence figures by the names that gates use
     * @param explanations for some figures, by the same names, what to say instead of the bare numbers when the gate fails
     */
    public Verdict judge(Map<String, Metric> evidence, Map<String, String> explanations) {
        return new Verdict(
                name,
                gates.stream().map(gate -> gate.judge(evidence, explanations)).toList());
    }
}
