package io.pipelinev2.runner.config;

import io.pipelinev2.backtest.gate.GateSet;
import java.util.List;

/**
 * What is the backtest stage's own: in the block {@code stages.backtest}.
 *
 * @param gates the name of the gates that a trial has to pass
 */
public record BacktestConfig(String gates) {

    private static final Rule<String> GATES = Rule.oneOf(List.of(GateSet.V2_BASIC.name()));

    public BacktestConfig {
        GATES.require("gates", gates);
    }

    static BacktestConfig read(Options options) {
        return new BacktestConfig(options.text("gates", GateSet.V2_BASIC.name(), GATES));
    }
}
