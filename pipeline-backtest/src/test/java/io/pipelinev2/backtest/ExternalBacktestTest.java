package io.pipelinev2.backtest;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pipelinev2.backtest.environment.TradingRules;
import io.pipelinev2.backtest.gate.Comparison;
import io.pipelinev2.backtest.gate.Gate;
import io.pipelinev2.backtest.gate.GateSet;
import io.pipelinev2.backtest.metrics.MetricFamily;
import io.pipelinev2.backtest.metrics.MetricGlossary;
import io.pipelinev2.backtest.policy.ActorNetwork;
import io.pipelinev2.core.Pipeline;
import io.pipelinev2.core.stage.Series;
import io.pipelinev2.core.stage.Stage;
import io.pipelinev2.core.stage.StageOutcome;
import io.pipelinev2.core.stage.StageRun;
import io.pipelinev2.core.stage.StageSettings;
import io.pipelinev2.core.stage.StageStatus;
import io.pipelinev2.core.trial.InMemoryTrialSource;
import io.pipelinev2.core.trial.TrialKey;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Curves that another stage returns, through a real engine. */
class ExternalBacktestTest {

    private static final GateSet GATES = new GateSet(
            "own",
            List.of(
                    new Gate("trades", "trades", Comparison.AT_LEAST, 1),
                    new Gate("drawdown", "max_drawdown", Comparison.AT_MOST, 0.5),
                    new Gate("return", "legacy_v2.total_return", Comparison.AT_LEAST, -0.5)));

    private record Ended(StageRun run, List<Series> series) {
        Map<?, ?> metrics() {
            return (Map<?, ?>) run.results().get("metrics");
        }
    }

    private static Ended ended(Stage stage) throws InterruptedException {
        try (Pipeline pipeline = Pipeline.builder()
                .source(new InMemoryTrialSource().add("study", 1, 0.5))
                .stage(stage, StageSettings.DEFAULT.withMaxAttempts(1))
                .build()) {
            pipeline.runOnce();
            TrialKey key = new TrialKey("study", 1);
            return new Ended(
                    pipeline.records().stages(key).get(0), pipeline.records().series(key, "backtest"));
        }
    }

    private static Stage returning(StageOutcome outcome) {
        return Stage.of("backtest", context -> outcome);
    }

    private static Series series(String name, double... values) {
        return new Series(name, "data", values);
    }

    private static Ended measured(StageOutcome outcome) throws InterruptedException {
        return ended(ExternalBacktest.of(returning(outcome), 8760).gatedBy(GATES, StudySize.unknown()));
    }

    private static String refusal(Series... series) throws InterruptedException {
        StageRun run =
                measured(StageOutcome.passed("fine").with(List.of(series))).run();
        assertThat(run.status()).isEqualTo(StageStatus.FAILED);
        return String.valueOf(run.errorMessage());
    }

    @Test
    void the_curve_of_a_built_in_run_has_its_figures_and_its_verdict_to_the_last_bit() throws Exception {
        for (int trial : List.of(1, 2, 3)) {
            BacktestResult result = Backtest.of(TradingRules.ORIGINAL, GATES)
                    .run(Fixtures.market(), new ActorNetwork(Fixtures.checkpoint(trial)), Fixtures.parameters(trial));
            StageOutcome curve = StageOutcome.passed("passed")
                    .with(List.of(
                            series("equity", result.equity()),
                            series("benchmark", result.curves().benchmark()),
                            series(
                                    "fills",
                                    Arrays.stream(result.curves().fills())
                                            .asDoubleStream()
                                            .toArray())));

            Ended ended = measured(curve);

            Map<String, Object> untold = new LinkedHashMap<>();
            result.metrics().toMap().forEach((name, value) -> {
                boolean told = ended.metrics().get(name) != null || value == null;
                assertThat(told ? ended.metrics().get(name) : value).as(name).isEqualTo(value);
                if (!told) {
                    untold.put(name, value);
                }
            });
            assertThat(untold.keySet()).allSatisfy(name -> {
                MetricFamily family = MetricGlossary.find(name).orElseThrow().family();
                boolean market = name.startsWith("ew_") || name.startsWith("alpha_simple");
                assertThat(market
                                || List.of(MetricFamily.ACTIVITY, MetricFamily.TRADES)
                                        .contains(family))
                        .as(name)
                        .isTrue();
            });
            assertThat(ended.metrics().keySet())
                    .hasToString(result.metrics().toMap().keySet().toString());
            for (String key :
                    List.of("legacy_v1", "legacy_v2", "gates", "gate_set", "thresholds", "periods_per_year")) {
                assertThat(ended.run().results().get(key))
                        .as(key)
                        .hasToString(
                                String.valueOf(BacktestStage.recorded(result).get(key)));
            }
            assertThat(((Number) ended.run().results().get("trades")).intValue())
                    .isEqualTo(result.trades().total());
            assertThat(ended.run().reason()).isEqualTo(result.verdict().reason());
            assertThat(ended.series()).extracting(Series::name).contains("equity", "first_bar");
        }
    }

    @Test
    void a_pass_that_fails_a_gate_is_rejected_in_the_gates_words_and_a_rejection_stays() throws Exception {
        List<Series> curve = List.of(series("equity", 100, 110, 40, 41));
        Ended passed = measured(StageOutcome.passed("looks good to me").with(curve));
        assertThat(passed.run().status()).isEqualTo(StageStatus.FAILED);
        assertThat(passed.run().reason())
                .isEqualTo(
                        "trades failed: trades is undefined (an equity curve does not tell it, and it was not reported);"
                                + " drawdown failed: max_drawdown is 0.636364, must be <= 0.5;"
                                + " return failed: legacy_v2.total_return is -0.59, must be >= -0.5");
        Ended rejected = measured(StageOutcome.rejected("no liquidity").with(curve));
        assertThat(rejected.run().reason()).isEqualTo("no liquidity");
        assertThat(rejected.metrics().get("max_drawdown"))
                .isEqualTo(passed.metrics().get("max_drawdown"));
        assertThat(rejected.run().results().get("gates"))
                .isEqualTo(passed.run().results().get("gates"));
    }

    @Test
    void computed_figures_win_and_others_are_the_stages_own() throws Exception {
        Map<String, Object> own = new LinkedHashMap<>();
        own.put("max_drawdown", 0.0);
        own.put("trades", 7);
        own.put("beta", 0.5);
        own.put("my_score", 3.5);
        own.put("my_unknown", null);
        Ended ended = measured(StageOutcome.passed("fine", Map.of("metrics", own, "note", "kept"))
                .with(List.of(series("equity", 100, 80, 120))));
        assertThat(ended.run().reason()).isEqualTo("fine; passed all 3 gates of own");
        assertThat((Double) ended.metrics().get("max_drawdown")).isBetween(0.19, 0.21);
        assertThat(ended.metrics().get("trades")).isEqualTo(7.0);
        assertThat(ended.metrics().get("beta")).isEqualTo(0.5);
        assertThat(ended.metrics().get("my_score")).isEqualTo(3.5);
        assertThat(ended.metrics().containsKey("my_unknown")).isTrue();
        assertThat(ended.metrics().get("fees_total")).isNull();
        assertThat(ended.run().results())
                .containsEntry("note", "kept")
                .containsEntry("data_sha256", "data")
                .extractingByKey("metrics_remarks")
                .asString()
                .contains("beta=as reported, not computed here")
                .contains("fees_total=an equity curve does not tell it, and it was not reported");
    }

    @Test
    void without_a_curve_gates_judge_what_is_reported_and_without_gates_nothing_does() throws Exception {
        StageOutcome reported =
                StageOutcome.passed("fine", Map.of("metrics", Map.of("max_drawdown", 0.1, "trades", 3)));
        assertThat(measured(reported).run().reason())
                .isEqualTo("return failed: legacy_v2.total_return was not measured");
        Ended ungated = ended(ExternalBacktest.of(returning(reported), 8760));
        assertThat(ungated.run().status()).isEqualTo(StageStatus.PASSED);
        assertThat(ungated.run().results()).isEqualTo(reported.results());
        Ended lost = ended(ExternalBacktest.of(
                returning(StageOutcome.passed("fine").with(List.of(series("equity", 100, 50, -3, 70)))), 8760));
        assertThat(lost.run().status()).isEqualTo(StageStatus.PASSED);
        assertThat(lost.metrics().get("total_return")).isEqualTo(-1.0);
        assertThat(measured(StageOutcome.skipped("not mine")).run().status()).isEqualTo(StageStatus.SKIPPED);
    }

    @Test
    void series_that_do_not_fit_together_are_refused_with_the_rule() throws Exception {
        assertThat(refusal(series("equity")))
                .contains("Stage backtest", "study/1", "must begin with the capital at the start", "no values");
        assertThat(refusal(series("equity", 0, 1))).contains("above 0", "first 0.0");
        assertThat(refusal(series("equity", 1, 2), series("benchmark", 1)))
                .contains("the series benchmark must have 2 values beside an equity of 2, had 1");
        assertThat(refusal(series("equity", 1, 2), series("benchmark", 1, 0)))
                .contains("the series benchmark must be above 0, was 0.0 at 1");
        assertThat(refusal(series("equity", 1, 2), series("fills", 0.5)))
                .contains("whole and not negative, was 0.5 at 0");
        assertThat(refusal(series("equity", 1, 2), series("first_bar", -1))).contains("first_bar", "was -1.0 at 0");
        assertThat(refusal(series("equity", 1, 2), new Series("fills", "other", new double[] {1})))
                .contains("must have the basis of equity, 'data', had 'other'");
        assertThat(refusal(series("equity", 1e-300, 1e300))).contains("non-finite return at index 0");
        List<String> errors = new ArrayList<>();
        for (Map<String, Object> results :
                List.of(Map.<String, Object>of("metrics", 3), Map.<String, Object>of("data_sha256", "x"))) {
            errors.add(String.valueOf(
                    measured(StageOutcome.passed("fine", results).with(List.of(series("equity", 1, 2))))
                            .run()
                            .errorMessage()));
        }
        assertThat(errors.get(0)).contains("results.metrics must be an object of numbers, was 3");
        assertThat(errors.get(1))
                .contains("results.data_sha256 must be the basis of equity, 'data', or be left out, was 'x'");
        assertThatThrownBy(() -> ExternalBacktest.of(returning(StageOutcome.passed("fine")), 0))
                .hasMessageContaining("steps per year must be positive and finite, was 0.0");
    }
}
