package io.pipelinev2.deploy.papertrading;

import io.pipelinev2.backtest.environment.AgentParameters;
import io.pipelinev2.backtest.environment.TradingRules;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The parameters of a trial, from either way in which they are recorded. */
final class Parameters {

    private Parameters() {}

    /** Takes both what a backtest records, which is worked out, and what Optuna suggested. */
    static AgentParameters of(Map<String, @Nullable Object> recorded, TradingRules rules) {
        return recorded.containsKey("norm_cash")
                ? AgentParameters.recorded(recorded)
                : AgentParameters.from(recorded, rules);
    }
}
