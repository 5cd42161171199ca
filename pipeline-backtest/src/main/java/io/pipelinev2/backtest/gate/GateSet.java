package io.pipelinev2.backtest.gate;

import static io.pipelinev2.backtest.gate.Comparison.AT_LEAST;
import static io.pipelinev2.backtest.gate.Comparison.AT_MOST;

import io.pipelinev2.backtest.metrics.Metric;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;

/**
 * Gates under one name: a policy that judges all trials alike.
 *
 * @param name as in the configuration
 * @param gates at least one; no two on the same metric and side, no two that no number could pass
 * @param remark why these gates and no others, or empty when there is nothing to say
 */
public record GateSet(String name, List<Gate> gates, String remark) implements GatePolicy {

    private static final String CHANGED = " with own gates";

    /** In every preset that has no stricter one: a model that never trades has proved nothing. */
    static final Gate MUST_TRADE = new Gate("trades", "trades", AT_LEAST, 1);

    /**
     * The original V2 gate, by the original's formulas, and one more: the model must trade at all. The original let
     * models pass that could not place a single order.
     */
    public static final GateSet V2_BASIC = new GateSet(
            "v2-basic",
            List.of(
                    MUST_TRADE,
                    new Gate("total return", "legacy_v2.total_return", AT_LEAST, -0.5),
                    new Gate("drawdown", "legacy_v2.max_drawdown", AT_LEAST, -0.8)));

    /** A sober set for someone who trades: enough round trips, a bounded loss, and an edge that is hardly luck. */
    public static final GateSet STRICT = new GateSet(
            "strict",
            List.of(
                    new Gate("round trips", "round_trips", AT_LEAST, 30),
                    new Gate("exposure", "exposure_time", AT_LEAST, 0.05),
                    new Gate("not bankrupt", "bankrupt", AT_MOST, 0),
                    new Gate("total return", "total_return", AT_LEAST, 0),
                    new Gate("drawdown", "max_drawdown", AT_MOST, 0.25),
                    new Gate("profit factor of round trips", "profit_factor_trades", AT_LEAST, 1.1),
                    new Gate("probability of a Sharpe ratio above 0", "psr_vs_0", AT_LEAST, 0.95)));

    /** Takes its own copy of the gates and checks them. */
    public GateSet {
        gates = List.copyOf(gates);
        if (gates.isEmpty()) {
            throw new IllegalArgumentException("the gate set '" + name + "' must have at least one gate, had none");
        }
        List<String> faults = faults(gates);
        if (!faults.isEmpty()) {
            throw new IllegalArgumentException(
                    "the gate set '" + name + "' could never judge: " + String.join("; ", faults));
        }
    }

    /** A set with nothing to say about itself. */
    public GateSet(String name, List<Gate> gates) {
        this(name, gates, "");
    }

    @Override
    public GateSet gatesFor(OptionalLong completeTrials) {
        return this;
    }

    @Override
    public List<GateSet> sets() {
        return List.of(this);
    }

    @Override
    public GateSet with(List<Gate> own) {
        return own.isEmpty() ? this : new GateSet(changed(name), merged(gates, own), remark);
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
                remark,
                gates.stream().map(gate -> gate.judge(evidence, explanations)).toList());
    }

    static String changed(String name) {
        return name.endsWith(CHANGED) ? name : name + CHANGED;
    }

    static List<Gate> merged(List<Gate> gates, List<Gate> own) {
        List<Gate> merged = new ArrayList<>(gates);
        for (Gate gate : own) {
            int at = 0;
            while (at < gates.size() && !gates.get(at).isOnSideOf(gate)) {
                at++;
            }
            if (at < gates.size()) {
                merged.set(at, gate);
            } else {
                merged.add(gate);
            }
        }
        return merged;
    }

    private static List<String> faults(List<Gate> gates) {
        List<String> faults = new ArrayList<>();
        for (int i = 0; i < gates.size(); i++) {
            for (int j = i + 1; j < gates.size(); j++) {
                gates.get(i).conflictWith(gates.get(j)).ifPresent(faults::add);
            }
        }
        return faults;
    }
}
