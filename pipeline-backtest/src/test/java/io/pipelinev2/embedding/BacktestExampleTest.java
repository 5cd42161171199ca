package io.pipelinev2.embedding;

import static org.assertj.core.api.Assertions.assertThat;

import io.pipelinev2.backtest.Backtest;
import io.pipelinev2.backtest.BacktestResult;
import io.pipelinev2.backtest.environment.AgentParameters;
import io.pipelinev2.backtest.environment.Fills;
import io.pipelinev2.backtest.environment.TradingRules;
import io.pipelinev2.backtest.gate.GateSet;
import io.pipelinev2.backtest.market.MarketData;
import io.pipelinev2.backtest.policy.ActorModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

/** The snippet in the README that shows a backtest without a pipeline is this code, and this code runs. */
class BacktestExampleTest {

    private static final Path SOURCE = Path.of("src/test/java/io/pipelinev2/embedding/BacktestExampleTest.java");
    private static final Path FIXTURES = Path.of("src/test/resources");

    // readme:backtest
    static BacktestResult backtested(Path data, Path actor, Map<String, Object> optunaParameters) throws IOException {
        MarketData market = MarketData.load(data);
        TradingRules honest =
                TradingRules.ORIGINAL.with(rules -> rules.fills(Fills.NEXT_BAR).slippageBps(5));
        BacktestResult result = Backtest.of(honest, GateSet.STRICT)
                .run(market, ActorModel.read(actor), AgentParameters.from(optunaParameters, honest));
        System.out.println(result.verdict().reason());
        System.out.println("Sharpe " + result.metrics().get("sharpe").value());
        return result;
    }
    // readme:end

    @Test
    void the_snippet_does_what_it_says() throws Exception {
        Path trial = FIXTURES.resolve("trials/trial_1_1h");
        @SuppressWarnings("unchecked")
        Map<String, Object> parameters =
                JsonMapper.shared().readValue(trial.resolve("params.json").toFile(), Map.class);

        BacktestResult result = backtested(FIXTURES.resolve("market"), trial.resolve("actor.pth"), parameters);

        assertThat(result.trades().total()).isPositive();
        assertThat(result.verdict().gateSet()).isEqualTo("strict");
        assertThat(result.rules().fills()).isEqualTo(Fills.NEXT_BAR);
    }

    @Test
    void the_readme_shows_exactly_this_code() throws Exception {
        List<String> source = Files.readAllLines(SOURCE).stream()
                .map(String::strip)
                .filter(line -> !line.isEmpty())
                .toList();
        List<String> snippet =
                source.subList(source.indexOf("// readme:backtest") + 1, source.indexOf("// readme:end"));
        List<String> readme = Files.readAllLines(Path.of("../README.md")).stream()
                .map(String::strip)
                .filter(line -> !line.isEmpty())
                .toList();

        assertThat(readme).containsSubsequence(snippet);
        assertThat(source)
                .containsAll(readme.stream()
                        .filter(line -> line.startsWith("import io.pipelinev2.backtest"))
                        .toList());
    }
}
