package io.pipelinev2.deploy.papertrading;

import io.pipelinev2.backtest.environment.AgentParameters;
import io.pipelinev2.backtest.environment.Fills;
import io.pipelinev2.backtest.environment.TradingEnvironment;
import io.pipelinev2.backtest.environment.TradingRules;
import io.pipelinev2.backtest.market.MarketData;
import io.pipelinev2.backtest.policy.ActorModel;
import io.pipelinev2.backtest.policy.Policy;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The environment and the policy of a trader, made of what the validation of its model recorded. */
record Game(TradingEnvironment environment, Policy policy) implements AutoCloseable {

    private static final List<String> CHOICES = List.of("preset", "fills", "slippage_bps");

    /**
     * @throws TradingRefusedException if model, parameters and market do not fit together
     */
    static Game of(TraderFile trader, ActorModel model, MarketData market) {
        AgentParameters parameters = parameters(trader.parameters());
        TradingEnvironment environment = new TradingEnvironment(market, rules(trader.environment()), parameters);
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
    static AgentParameters parameters(Map<String, @Nullable Object> recorded) {
        if (!recorded.containsKey("norm_cash")) {
            return AgentParameters.from(recorded);
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

    /** Takes both what a backtest records, which is every rule, and what a configuration chooses. */
    static TradingRules rules(Map<String, @Nullable Object> recorded) {
        if (!recorded.containsKey("initial_capital")) {
            Map<String, Object> chosen = new LinkedHashMap<>();
            recorded.forEach((name, value) -> {
                if (value != null && CHOICES.contains(name)) {
                    chosen.put(name, value);
                }
            });
            return TradingRules.from(chosen);
        }
        Fields fields = new Fields("trader.json, environment", recorded);
        return new TradingRules(
                fields.text("preset"),
                fields.number("initial_capital"),
                fields.number("fee_rate"),
                fields.numbers("lots"),
                fields.number("lot_factor"),
                fields.number("buy_safety"),
                fields.number("forced_sale_fraction"),
                fields.count("forced_sale_after"),
                fields.number("action_limit"),
                fields.number("trailing_stop"),
                fields.count("max_steps"),
                Fills.of(fields.text("fills")),
                fields.number("slippage_bps"));
    }
}
