package io.pipelinev2.backtest;

import io.pipelinev2.backtest.environment.AgentParameters;
import io.pipelinev2.backtest.environment.TradingRules;
import io.pipelinev2.backtest.gate.GateResult;
import io.pipelinev2.backtest.gate.Verdict;
import io.pipelinev2.backtest.metrics.LegacyV1Metrics;
import io.pipelinev2.backtest.metrics.LegacyV2Metrics;
import io.pipelinev2.backtest.metrics.PerformanceMetrics;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What came out of a backtest, with everything that a doubt about a number can be traced to.
 *
 * @param equity at the start and after each step: steps + 1 values
 * @param cash at the start and after each step
 * @param warnings what a reader of the figures should know, in sentences
 * @param modelSha256 of the model file that was played, or null for another policy
 * @param dataSha256 of the market data; results with different ones are not comparable
 * @param periodsPerYear by which metrics were annualised
 * @param curves what else happened step by step, for reports
 */
public record BacktestResult(
        double[] equity,
        double[] cash,
        TradeCounts trades,
        PerformanceMetrics metrics,
        LegacyV2Metrics legacyV2,
        Verdict verdict,
        List<String> warnings,
        @Nullable String modelSha256,
        String dataSha256,
        AgentParameters parameters,
        TradingRules rules,
        double periodsPerYear,
        RunCurves curves) {

    /** Takes its own copies. */
    public BacktestResult {
        equity = equity.clone();
        cash = cash.clone();
        warnings = List.copyOf(warnings);
    }

    /** A copy of the equity curve. */
    @Override
    public double[] equity() {
        return equity.clone();
    }

    /** A copy of the cash curve. */
    @Override
    public double[] cash() {
        return cash.clone();
    }

    /** This result under another verdict. */
    public BacktestResult judged(Verdict another) {
        return new BacktestResult(
                equity,
                cash,
                trades,
                metrics,
                legacyV2,
                another,
                warnings,
                modelSha256,
                dataSha256,
                parameters,
                rules,
                periodsPerYear,
                curves);
    }

    /** This result with more to know about it, said first. */
    public BacktestResult warned(List<String> more) {
        List<String> all = new ArrayList<>(more);
        all.addAll(warnings);
        return new BacktestResult(
                equity,
                cash,
                trades,
                metrics,
                legacyV2,
                verdict,
                all,
                modelSha256,
                dataSha256,
                parameters,
                rules,
                periodsPerYear,
                curves);
    }

    /**
     * As plain JSON-like values: no NaN, no infinity, what is undefined is null with its reason in {@code
     * metrics_remarks}. The curves are left out.
     */
    public Map<String, @Nullable Object> toMap() {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        map.put("metrics", metrics.toMap());
        map.put("metrics_remarks", metrics.remarks());
        map.put("legacy_v2", legacyV2.toMap());
        map.put("legacy_v1", legacyV1());
        map.put("trades", trades.total());
        map.put("trade_counts", trades.toMap());
        map.put("model_sha256", modelSha256);
        map.put("data_sha256", dataSha256);
        map.put("gate_set", verdict.gateSet());
        map.put("gate_set_remark", verdict.remark());
        map.put("gates", verdict.results().stream().map(GateResult::toMap).toList());
        map.put("warnings", warnings);
        map.put("parameters", parameters.toMap());
        map.put("environment", rules.toMap());
        map.put("periods_per_year", periodsPerYear);
        return map;
    }

    private Map<String, @Nullable Object> legacyV1() {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        LegacyV1Metrics.of(equity).metrics().forEach((name, metric) -> map.put(name, metric.value()));
        return map;
    }
}
