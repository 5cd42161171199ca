package io.pipelinev2.backtest;

import io.pipelinev2.backtest.environment.AgentParameters;
import io.pipelinev2.backtest.environment.EnvironmentException;
import io.pipelinev2.backtest.environment.TradingEnvironment;
import io.pipelinev2.backtest.environment.TradingRules;
import io.pipelinev2.backtest.gate.GateSet;
import io.pipelinev2.backtest.gate.Verdict;
import io.pipelinev2.backtest.market.MarketData;
import io.pipelinev2.backtest.metrics.Activity;
import io.pipelinev2.backtest.metrics.LegacyV2Metrics;
import io.pipelinev2.backtest.metrics.Metric;
import io.pipelinev2.backtest.metrics.PerformanceMetrics;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** What one run leaves behind, step by step, and the figures made of it. */
final class RunRecord {

    private final MarketData market;
    private final int stepsInAll;
    private final int firstRow;
    private final double[] equity;
    private final double[] cash;
    private final double[] invested;
    private final double[] traded;
    private final double[] fees;
    private final double[] holdings;
    private final LargestPurchase largestPurchase = new LargestPurchase();
    private int steps;
    private int buys;
    private int sells;
    private int forcedSales;
    private int stopSales;

    RunRecord(TradingEnvironment environment, int capacity) {
        this.market = environment.market();
        this.stepsInAll = environment.stepsInAll();
        this.firstRow = environment.row();
        this.equity = new double[capacity + 1];
        this.cash = new double[capacity + 1];
        this.invested = new double[capacity];
        this.traded = new double[capacity];
        this.fees = new double[capacity];
        this.holdings = new double[Math.multiplyExact(capacity, market.assets())];
        equity[0] = environment.equity();
        cash[0] = environment.cash();
    }

    void add(TradingEnvironment environment) {
        if (!Double.isFinite(environment.equity())) {
            throw new EnvironmentException("the equity became " + environment.equity() + " at row " + environment.row()
                    + " of " + market + ": prices there are too large or too small to trade at. Check that bar.");
        }
        invested[steps] = environment.equity() - environment.cash();
        traded[steps] = environment.tradedValue();
        fees[steps] = environment.fees();
        for (int i = 0, to = steps * market.assets(); i < market.assets(); i++) {
            holdings[to + i] = environment.holding(i) * market.price(environment.row(), i);
        }
        steps++;
        equity[steps] = environment.equity();
        cash[steps] = environment.cash();
        for (int i = 0; i < environment.fillCount(); i++) {
            switch (environment.fillSide(i)) {
                case BUY -> buys++;
                case SELL -> sells++;
                case FORCED_SALE -> forcedSales++;
                case STOP_SALE -> stopSales++;
            }
        }
        largestPurchase.see(environment);
    }

    BacktestResult result(
            TradingRules rules,
            AgentParameters parameters,
            GateSet gates,
            double periodsPerYear,
            @Nullable String modelSha256) {
        TradeCounts trades = new TradeCounts(buys, sells, forcedSales, stopSales);
        PerformanceMetrics metrics = PerformanceMetrics.ofEquity(
                equity,
                periodsPerYear,
                benchmarkReturns(),
                new Activity(Arrays.copyOfRange(equity, 1, equity.length), invested, traded, fees));
        LegacyV2Metrics legacy = LegacyV2Metrics.of(equity);
        Map<String, String> explanations =
                trades.total() == 0 ? Map.of("trades", largestPurchase.explain(steps, rules, parameters)) : Map.of();
        Verdict verdict = gates.judge(evidence(metrics, legacy, trades), explanations);
        return new BacktestResult(
                equity,
                cash,
                trades,
                metrics,
                legacy,
                verdict,
                warnings(rules),
                modelSha256,
                market.sha256(),
                parameters,
                rules,
                periodsPerYear,
                curves());
    }

    private RunCurves curves() {
        double[] benchmark = new double[steps + 1];
        benchmark[0] = 1;
        for (int step = 1; step <= steps; step++) {
            benchmark[step] = heldFromTheStart(step);
        }
        List<String> assets = IntStream.rangeClosed(1, market.assets())
                .mapToObj(column -> "asset " + column)
                .toList();
        return new RunCurves(firstRow, assets, null, benchmark, holdings, traded, fees);
    }

    /** Equal capital in every asset at the first bar, held to the end. */
    private double[] benchmarkReturns() {
        double[] returns = new double[steps];
        double before = 1;
        for (int step = 1; step <= steps; step++) {
            double now = heldFromTheStart(step);
            returns[step - 1] = now / before - 1;
            before = now;
        }
        return returns;
    }

    private double heldFromTheStart(int step) {
        double sum = 0;
        for (int i = 0; i < market.assets(); i++) {
            sum += market.price(firstRow + step, i) / market.price(firstRow, i);
        }
        return sum / market.assets();
    }

    private static Map<String, Metric> evidence(
            PerformanceMetrics metrics, LegacyV2Metrics legacy, TradeCounts trades) {
        Map<String, Metric> evidence = new LinkedHashMap<>(metrics.all());
        legacy.toMap()
                .forEach((name, value) -> evidence.put("legacy_v2." + name, Metric.of(((Number) value).doubleValue())));
        evidence.put("trades", Metric.of(trades.total()));
        return evidence;
    }

    private List<String> warnings(TradingRules rules) {
        List<String> warnings = new ArrayList<>(market.warnings());
        if (steps < stepsInAll) {
            warnings.add("The run ended after " + steps + " of " + stepsInAll + " steps, the limit of the rules '"
                    + rules.preset() + "'.");
        }
        return warnings;
    }
}
