package io.pipelinev2.deploy.papertrading;

import io.pipelinev2.backtest.environment.AgentParameters;
import io.pipelinev2.backtest.environment.TradingRules;
import io.pipelinev2.core.trial.TrialKey;
import io.pipelinev2.deploy.papertrading.feed.Bar;
import io.pipelinev2.deploy.papertrading.json.Fields;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What an account is opened with, the first line of its ledger: with the model alone the whole account can be played again
 * from it and the bars that follow.
 *
 * @param deployment whose account it is
 * @param trial whose model trades it
 * @param modelSha256 that model
 * @param rules the rules of the game
 * @param parameters what the agent was trained with
 * @param periodsPerYear bars per year
 * @param assets their names in the order of the prices, or empty
 * @param beginning the bars that the agent sees first; the first of them sets the size of its orders
 */
record Opening(
        long deployment,
        TrialKey trial,
        String modelSha256,
        TradingRules rules,
        AgentParameters parameters,
        double periodsPerYear,
        List<String> assets,
        List<Bar> beginning) {

    Map<String, @Nullable Object> toMap() {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        map.put("mode", "PAPER");
        map.put("deployment", deployment);
        map.put("study", trial.study());
        map.put("number", trial.number());
        map.put("model_sha256", modelSha256);
        map.put("rules", rules.toMap());
        map.put("parameters", parameters.toMap());
        map.put("periods_per_year", periodsPerYear);
        map.put("assets", assets);
        map.put("beginning", beginning.stream().map(Bars::toMap).toList());
        return map;
    }

    static Opening from(Fields fields) {
        return new Opening(
                fields.whole("deployment"),
                new TrialKey(fields.text("study"), fields.count("number")),
                fields.text("model_sha256"),
                TradingRules.recorded(fields.map("rules")),
                AgentParameters.recorded(fields.map("parameters")),
                fields.number("periods_per_year"),
                fields.texts("assets"),
                fields.objectsOrNone("beginning").stream().map(Bars::from).toList());
    }

    Bar lastOfBeginning() {
        return beginning.get(beginning.size() - 1);
    }

    String asset(int column) {
        return column < assets.size() ? assets.get(column) : "asset " + column;
    }
}
