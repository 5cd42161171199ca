package io.pipelinev2.backtest;

import io.pipelinev2.backtest.environment.AgentParameters;
import io.pipelinev2.backtest.environment.Fill;
import io.pipelinev2.backtest.environment.TradingEnvironment;
import io.pipelinev2.backtest.environment.TradingRules;
import io.pipelinev2.backtest.gate.GateSet;
import io.pipelinev2.backtest.gate.Verdict;
import io.pipelinev2.backtest.market.MarketData;
import io.pipelinev2.backtest.metrics.Activity;
import io.pipelinev2.backtest.metrics.EqualWeightBenchmark;
import io.pipelinev2.backtest.metrics.LegacyV2Metrics;
import io.pipelinev2.backtest.metrics.PerformanceMetrics;
import io.pipelinev2.backtest.metrics.RoundTrips;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** What one run leaves behind, step by step, and the figures made of it. */
final class RunRecord {

    private final TradingEnvironment environment;
    private final MarketData market;
    private final int stepsInAll;
    private final int firstRow;
    private final double[] equity;
    private final double[] cash;
    private final double[] invested;
    private final double[] traded;
    private final double[] fees;
    private final int[] fills;
    private final RoundTrips roundTrips;
    private final double[] holdings;
    private final LargestPurchase largestPurchase = new LargestPurchase();
    private int steps;
    private int buys;
    private int sells;
    private int forcedSales;
    private int stopSales;

    RunRecord(TradingEnvironment environment, int capacity) {
        this.environment = environment;
        this.market = environment.market();
        this.stepsInAll = environment.stepsInAll();
        this.firstRow = environment.row();
        this.equity = new double[capacity + 1];
        this.cash = new double[capacity + 1];
        this.invested = new double[capacity];
        this.traded = new double[capacity];
        this.fees = new double[capacity];
        this.fills = new int[capacity];
        this.roundTrips = new RoundTrips(environment.assets());
        this.holdings = new double[Math.multiplyExact(capacity, market.assets())];
        equity[0] = environment.equity();
        cash[0] = environment.cash();
    }

    /** The environment has made a step. */
    void add() {
        invested[steps] = environment.equity() - environment.cash();
        traded[steps] = environment.tradedValue();
        fees[steps] = environment.fees();
        fills[steps] = environment.fillCount();
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
            book(environment.fill(i));
        }
        largestPurchase.see(environment);
    }

    private void book(Fill fill) {
        if (fill.side().buys()) {
            roundTrips.buy(fill.asset(), fill.quantity(), fill.price(), fill.fee());
        } else {
            roundTrips.sell(fill.asset(), fill.quantity(), fill.price(), fill.fee());
        }
    }

    /** Sum of the squared shares of the assets in the value of the holdings, per step. */
    private double[] concentration() {
        int assets = market.assets();
        double[] concentration = new double[steps];
        for (int step = 0; step < steps; step++) {
            double sum = 0;
            double squares = 0;
            for (int i = 0; i < assets; i++) {
                double worth = holdings[step * assets + i];
                sum += worth;
                squares += worth * worth;
            }
            concentration[step] = sum > 0 ? squares / (sum * sum) : 0;
        }
        return concentration;
    }

    BacktestResult result(
            TradingRules rules,
            AgentParameters parameters,
            GateSet gates,
            double periodsPerYear,
            @Nullable String modelSha256) {
        TradeCounts trades = new TradeCounts(
                buys, sells, forcedSales, stopSales, environment.pendingOrders().size());
        PerformanceMetrics metrics = PerformanceMetrics.ofRun(
                equity,
                periodsPerYear,
                EqualWeightBenchmark.of((bar, asset) -> market.price(firstRow + bar, asset), market.assets(), steps),
                new Activity(
                        equity[0],
                        Arrays.copyOfRange(equity, 1, equity.length),
                        invested,
                        traded,
                        fees,
                        concentration(),
                        trades.total()),
                roundTrips);
        LegacyV2Metrics legacy = LegacyV2Metrics.of(equity);
        Map<String, String> explanations =
                trades.total() == 0 ? Map.of("trades", largestPurchase.explain(steps, rules, parameters)) : Map.of();
        Verdict verdict = gates.judge(Evidence.of(metrics, equity), explanations);
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
        List<String> names = market.assetNames().isEmpty()
                ? IntStream.rangeClosed(1, market.assets())
                        .mapToObj(column -> "asset " + column)
                        .toList()
                : market.assetNames();
        return new RunCurves(firstRow, names, times(), benchmark, holdings, traded, fees, fills);
    }

    private long @Nullable [] times() {
        long[] times = new long[steps + 1];
        for (int step = 0; step <= steps; step++) {
            OptionalLong time = market.time(firstRow + step);
            if (time.isEmpty()) {
                return null;
            }
            times[step] = time.getAsLong();
        }
        return times;
    }

    private double heldFromTheStart(int step) {
        double sum = 0;
        for (int i = 0; i < market.assets(); i++) {
            sum += market.price(firstRow + step, i) / market.price(firstRow, i);
        }
        return sum / market.assets();
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
