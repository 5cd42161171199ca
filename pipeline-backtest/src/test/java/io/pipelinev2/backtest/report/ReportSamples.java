package io.pipelinev2.backtest.report;

import io.pipelinev2.backtest.Backtest;
import io.pipelinev2.backtest.BacktestResult;
import io.pipelinev2.backtest.ExternalBacktest;
import io.pipelinev2.backtest.ExternalResult;
import io.pipelinev2.backtest.Fixtures;
import io.pipelinev2.backtest.RunCurves;
import io.pipelinev2.backtest.StudySize;
import io.pipelinev2.backtest.TradeCounts;
import io.pipelinev2.backtest.environment.AgentParameters;
import io.pipelinev2.backtest.environment.TradingRules;
import io.pipelinev2.backtest.gate.CustomGate;
import io.pipelinev2.backtest.gate.CustomGates;
import io.pipelinev2.backtest.gate.GateSet;
import io.pipelinev2.backtest.market.MarketData;
import io.pipelinev2.backtest.metrics.Activity;
import io.pipelinev2.backtest.metrics.EqualWeightBenchmark;
import io.pipelinev2.backtest.metrics.LegacyV2Metrics;
import io.pipelinev2.backtest.metrics.Metric;
import io.pipelinev2.backtest.metrics.PerformanceMetrics;
import io.pipelinev2.backtest.metrics.RoundTrips;
import io.pipelinev2.backtest.overfit.OverfitPanel;
import io.pipelinev2.backtest.overfit.OverfitStudy;
import io.pipelinev2.backtest.overfit.StudyCounts;
import io.pipelinev2.backtest.overfit.TrialReturns;
import io.pipelinev2.backtest.policy.ActorNetwork;
import io.pipelinev2.backtest.policy.Policy;
import io.pipelinev2.core.Pipeline;
import io.pipelinev2.core.stage.Series;
import io.pipelinev2.core.stage.Stage;
import io.pipelinev2.core.stage.StageOutcome;
import io.pipelinev2.core.trial.InMemoryTrialSource;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Runs of all kinds to report on. */
final class ReportSamples {

    static final Instant MADE = Instant.parse("2026-02-03T04:05:06Z");
    static final String HOSTILE = "</style><script>alert('x')</script>&amp;\"\u0000\u202E'<svg onload=1>";

    private static final Backtest BACKTEST = Backtest.of(TradingRules.ORIGINAL, GateSet.V2_BASIC);
    private static final AgentParameters PARAMETERS = new AgentParameters(1, 1, 1, 1, 20, 0.1, 64);
    private static final long HOUR = 3_600_000;

    private ReportSamples() {}

    static ReportSubject subject() {
        return ReportSubject.of("ppo_1h", 7, "2.0.0", MADE)
                .withVersion("Java", "17")
                .withDataSource("data/1h_1680");
    }

    /** A model of the fixtures on their market: 1,676 hours, seven assets. */
    static BacktestResult real(int trial) {
        return BACKTEST.run(
                Fixtures.market(), new ActorNetwork(Fixtures.checkpoint(trial)), Fixtures.parameters(trial));
    }

    /** The same with the times of hourly bars. */
    static BacktestResult dated(BacktestResult result) {
        long start = Instant.parse("2025-01-29T05:00:00Z").toEpochMilli();
        long[] times = new long[result.curves().steps() + 1];
        Arrays.setAll(times, i -> start + i * HOUR);
        RunCurves of = result.curves();
        return with(
                result,
                new RunCurves(
                        of.firstBar(),
                        List.of("BTC", "ETH", "SOL", "ADA", "LINK", "DOT", "XRP")
                                .subList(0, of.assets().size()),
                        times,
                        of.benchmark(),
                        of.holdings(),
                        of.traded(),
                        of.fees(),
                        of.fills()),
                result.periodsPerYear());
    }

    /** The same with a wrong number of steps per year. */
    static BacktestResult asDaily(BacktestResult result) {
        return with(result, result.curves(), 365);
    }

    static BacktestResult longest() {
        return BACKTEST.run(randomMarket(10_003, 7), busy(), PARAMETERS);
    }

    static BacktestResult short3() {
        return BACKTEST.run(randomMarket(5, 7), busy(), PARAMETERS);
    }

    static BacktestResult withoutTrades() {
        return BACKTEST.run(Fixtures.market(), (state, action) -> Arrays.fill(action, -1), Fixtures.parameters(1));
    }

    /** Loses everything at step 60 of 100, which the environment's own rules cannot do. */
    static BacktestResult bankrupt() {
        int steps = 100;
        double[] equity = new double[steps + 1];
        double[] cash = new double[steps + 1];
        double[] benchmark = new double[steps + 1];
        double[] holdings = new double[steps];
        for (int i = 0; i <= steps; i++) {
            equity[i] = i < 60 ? 500 - 8 * i : 0;
            cash[i] = equity[i] / 2;
            benchmark[i] = 1 + 0.002 * i;
            if (i > 0) {
                holdings[i - 1] = equity[i] / 2;
            }
        }
        double[] traded = new double[steps];
        double[] fees = new double[steps];
        Arrays.fill(traded, 10);
        Arrays.fill(fees, 0.025);
        double[] concentration = new double[steps];
        Arrays.fill(concentration, 1);
        PerformanceMetrics metrics = PerformanceMetrics.ofRun(
                equity,
                Backtest.HOURLY,
                EqualWeightBenchmark.of((bar, asset) -> benchmark[bar], 1, steps),
                new Activity(
                        equity[0],
                        Arrays.copyOfRange(equity, 1, steps + 1),
                        holdings,
                        traded,
                        fees,
                        concentration,
                        100),
                new RoundTrips(1));
        Map<String, Metric> evidence = new LinkedHashMap<>(metrics.all());
        evidence.put("trades", Metric.of(100));
        return new BacktestResult(
                equity,
                cash,
                new TradeCounts(60, 40, 0, 0, 0),
                metrics,
                LegacyV2Metrics.of(Arrays.copyOf(equity, 61)),
                GateSet.V2_BASIC.judge(evidence, Map.of()),
                List.of(),
                null,
                "0".repeat(64),
                PARAMETERS,
                TradingRules.ORIGINAL,
                Backtest.HOURLY,
                new RunCurves(0, List.of("BTC"), null, benchmark, holdings, traded, fees, new int[traded.length]));
    }

    /** The trial among 39 random ones. */
    static OverfitPanel panel(BacktestResult result) {
        double[] returns = new RunSeries(ReportedRun.of(result)).returns();
        Random random = new Random(7);
        List<TrialReturns> trials = new ArrayList<>();
        trials.add(new TrialReturns("7", 0, returns));
        for (int trial = 100; trial < 139; trial++) {
            double[] other = new double[returns.length];
            for (int i = 0; i < other.length; i++) {
                other[i] = 0.4 * returns[i] + 0.004 * random.nextGaussian();
            }
            trials.add(new TrialReturns("" + trial, 0, other));
        }
        return OverfitStudy.of(trials, new StudyCounts(61, 139), result.periodsPerYear())
                .panel("7");
    }

    static MarketData randomMarket(int rows, int assets) {
        Random random = new Random(11);
        double[][] prices = new double[rows][assets];
        double[][] tech = new double[rows][assets];
        for (int row = 0; row < rows; row++) {
            for (int asset = 0; asset < assets; asset++) {
                prices[row][asset] =
                        row == 0 ? 10 : prices[row - 1][asset] * Math.exp(0.008 * random.nextGaussian() - 1e-5);
            }
        }
        return MarketData.of(prices, tech);
    }

    private static Policy busy() {
        Random random = new Random(3);
        return (state, action) -> {
            for (int i = 0; i < action.length; i++) {
                action[i] = (float) random.nextGaussian();
            }
        };
    }

    private static BacktestResult with(BacktestResult of, RunCurves curves, double periodsPerYear) {
        return new BacktestResult(
                of.equity(),
                of.cash(),
                of.trades(),
                of.metrics(),
                of.legacyV2(),
                of.verdict(),
                of.warnings(),
                of.modelSha256(),
                of.dataSha256(),
                of.parameters(),
                of.rules(),
                periodsPerYear,
                curves);
    }

    /** The same curve as a stage of a user's own would return it, with these series of it. */
    static ExternalResult external(
            BacktestResult own, List<String> told, @Nullable GateSet thresholds, CustomGate... gates) throws Exception {
        List<Series> series = new ArrayList<>();
        series.add(new Series("equity", own.dataSha256(), own.equity()));
        series.add(new Series("benchmark", own.dataSha256(), own.curves().benchmark()));
        series.add(new Series(
                "fills",
                own.dataSha256(),
                Arrays.stream(own.curves().fills()).asDoubleStream().toArray()));
        series.removeIf(one -> !told.contains(one.name()));
        Stage stage =
                Stage.of("backtest", context -> StageOutcome.passed("passed").with(series));
        ExternalBacktest measured =
                ExternalBacktest.of(stage, own.periodsPerYear()).gatedBy(new CustomGates(List.of(gates)));
        List<ExternalResult> results = new ArrayList<>();
        ExternalBacktest gated = thresholds == null ? measured : measured.gatedBy(thresholds, StudySize.unknown());
        try (Pipeline pipeline = Pipeline.builder()
                .source(new InMemoryTrialSource().add("study", 7, 0.5))
                .stage(Stage.of("backtest", context -> {
                    results.add(gated.run(context));
                    return results.get(0).outcome();
                }))
                .build()) {
            pipeline.runOnce();
        }
        return results.get(0);
    }
}
