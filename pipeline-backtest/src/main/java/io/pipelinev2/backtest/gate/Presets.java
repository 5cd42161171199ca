package io.pipelinev2.backtest.gate;

import static io.pipelinev2.backtest.gate.Comparison.AT_LEAST;
import static io.pipelinev2.backtest.gate.Comparison.AT_MOST;

import java.util.List;

/** The policies that come with the program. Each threshold is justified in the documentation of the gates. */
final class Presets {

    static final AdaptiveGates V1_ADAPTIVE = new AdaptiveGates(
            "v1-adaptive",
            List.of(
                    new AdaptiveGates.Tier("early", 0, v1(-0.5, 0.8)),
                    new AdaptiveGates.Tier("mid", 50, v1(-0.2, 0.5, -0.5)),
                    new AdaptiveGates.Tier("late", 200, v1(-0.1, 0.35, 0)),
                    new AdaptiveGates.Tier("mature", 500, v1(0, 0.15, 0.3))));

    static final List<GatePolicy> ALL = List.of(GateSet.V2_BASIC, V1_ADAPTIVE, GateSet.STRICT);

    private Presets() {}

    private static List<Gate> v1(double totalReturn, double drawdown) {
        return List.of(
                GateSet.MUST_TRADE,
                new Gate("total return", "legacy_v1.total_return", AT_LEAST, totalReturn),
                new Gate("drawdown", "legacy_v1.max_drawdown", AT_MOST, drawdown));
    }

    private static List<Gate> v1(double totalReturn, double drawdown, double sharpe) {
        return List.of(
                GateSet.MUST_TRADE,
                new Gate("total return", "legacy_v1.total_return", AT_LEAST, totalReturn),
                new Gate("drawdown", "legacy_v1.max_drawdown", AT_MOST, drawdown),
                new Gate("Sharpe ratio", "legacy_v1.sharpe", AT_LEAST, sharpe));
    }
}
