package io.pipelinev2.embedding;

import static org.assertj.core.api.Assertions.assertThat;

import io.pipelinev2.backtest.Backtest;
import io.pipelinev2.backtest.BacktestResult;
import io.pipelinev2.backtest.ExternalBacktest;
import io.pipelinev2.backtest.StudySize;
import io.pipelinev2.backtest.environment.AgentParameters;
import io.pipelinev2.backtest.environment.Fills;
import io.pipelinev2.backtest.environment.TradingRules;
import io.pipelinev2.backtest.gate.GateSet;
import io.pipelinev2.backtest.market.MarketData;
import io.pipelinev2.backtest.policy.ActorModel;
import io.pipelinev2.backtest.report.BacktestReport;
import io.pipelinev2.backtest.report.ReportSubject;
import io.pipelinev2.core.stage.Stage;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The code in this module's comments is compiled: it is what stands between the marks here, line breaks aside. */
class CommentExamplesTest {

    private static final Path HERE = Path.of("src/test/java/io/pipelinev2/embedding/CommentExamplesTest.java");

    static BacktestResult backtest(Map<String, Object> optunaParameters) throws Exception {
        // docs:backtest
        MarketData market = MarketData.load(Path.of("data/1h_1680"));
        ActorModel model = ActorModel.read(Path.of("trial_7_1h/actor.pth"));
        BacktestResult result = Backtest.of(TradingRules.ORIGINAL, GateSet.V2_BASIC)
                .run(market, model, AgentParameters.from(optunaParameters));
        // docs:end
        return result;
    }

    static TradingRules rules() {
        // docs:rules
        TradingRules honest =
                TradingRules.ORIGINAL.with(rules -> rules.fills(Fills.NEXT_BAR).slippageBps(5));
        // docs:end
        return honest;
    }

    static void report(BacktestResult result, Instant now) throws Exception {
        // docs:report
        BacktestReport report = BacktestReport.of(ReportSubject.of("ppo_1h", 7, "2.0.0", now), result, null);
        Files.writeString(Path.of("report.html"), report.html());
        // docs:end
    }

    static Stage external(Stage mine) {
        // docs:external
        Stage measured = ExternalBacktest.of(mine, 8760).gatedBy(GateSet.STRICT, StudySize.unknown());
        // docs:end
        return measured;
    }

    @Test
    void every_example_in_a_comment_is_one_of_these() throws Exception {
        assertThat(Comments.examplesBelow(Path.of("src/main/java")))
                .containsExactlyInAnyOrderElementsOf(Comments.regionsOf(HERE));
    }
}
