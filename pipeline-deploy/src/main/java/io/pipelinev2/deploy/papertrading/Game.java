package io.pipelinev2.deploy.papertrading;

import io.pipelinev2.backtest.environment.AgentParameters;
import io.pipelinev2.backtest.environment.TradingEnvironment;
import io.pipelinev2.backtest.environment.TradingRules;
import io.pipelinev2.backtest.market.MarketData;
import io.pipelinev2.backtest.policy.ActorModel;
import io.pipelinev2.backtest.policy.Policy;
import io.pipelinev2.deploy.papertrading.json.Fields;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The environment and the policy of a trader, made of what the validation of its model recorded. */
record Game(TradingEnvironment environment, Policy policy) implements AutoCloseable {

    /**
     * @throws TradingRefusedException if model, parameters and market do not fit together
     */
    static Game of(TraderFile trader, ActorModel model, MarketData market) {
        TradingRules rules = TradingRules.recorded(trader.environment());
        AgentParameters parameters = parameters(trader.parameters(), rules);
        TradingEnvironment environment = new TradingEnvironment(market, rules, parameters);
        if (model.actions() != environment.assets() || model.stateDimension() != environment.stateDimension()) {
            throw new TradingRefusedException(
                    ExitCode.CONFIGURATION,
                    "The model of %s takes %d values and gives %d actions, but its parameters and the market data %s make %d and %d. Point data.directory to the data of its validation."
                            .formatted(
                                    trader.trial(),
                                    model.stateDimension(),
                                    model.actions(),
                                    market.source(),
                                    environment.stateDimension(),
                                    environment.assets()));
        }
        return new Game(environment, model.newPolicy());
    }

    @Override
    public void close() {
        policy.close();
    }

    /** Takes both what a backtest records, which is worked out, and what Optuna suggested. */
    static AgentParameters parameters(Map<String, @Nullable Object> recorded, TradingRules rules) {
        if (!recorded.containsKey("norm_cash")) {
            return AgentParameters.from(recorded, rules);
        }
        Fields fields = new Fields("trader.json, parameters", recorded);
        return new AgentParameters(
                fields.count("lookback"),
                fields.number("norm_cash"),
                fields.number("norm_stocks"),
                fields.number("norm_tech"),
                fields.number("norm_action"),
                fields.number("min_cash_reserve"),
                fields.count("net_dimension"));
    }
}
