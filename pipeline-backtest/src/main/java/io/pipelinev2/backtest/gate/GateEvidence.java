package io.pipelinev2.backtest.gate;

import io.pipelinev2.backtest.metrics.Metric;
import io.pipelinev2.core.trial.TrialKey;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link CustomGate} judges: the backtest of one trial.
 *
 * @param trial the trial
 * @param metrics every figure by the name that thresholds use, such as {@code sharpe} and {@code legacy_v2.sharpe}; null
 *     where it is undefined
 * @param remarks of some figures, why it is undefined or what to keep in mind about it, such as that it is extrapolated
 * @param equity at the start and after each step; empty if a backtest of the user's own returned none
 * @param completeTrials how many trials of the study are complete; empty if that could not be found out
 */
public record GateEvidence(
        TrialKey trial,
        Map<String, @Nullable Double> metrics,
        Map<String, String> remarks,
        double[] equity,
        OptionalLong completeTrials) {

    /** Takes its own copies, which cannot be changed. */
    public GateEvidence {
        metrics = Collections.unmodifiableMap(new LinkedHashMap<>(metrics));
        remarks = Collections.unmodifiableMap(new LinkedHashMap<>(remarks));
        equity = equity.clone();
    }

    /** Of the figures that thresholds are about. */
    public static GateEvidence of(
            TrialKey trial, Map<String, Metric> figures, double[] equity, OptionalLong completeTrials) {
        Map<String, @Nullable Double> metrics = new LinkedHashMap<>();
        Map<String, String> remarks = new LinkedHashMap<>();
        figures.forEach((name, figure) -> {
            metrics.put(name, figure.value());
            String remark = figure.remark();
            if (remark != null) {
                remarks.put(name, remark);
            }
        });
        return new GateEvidence(trial, metrics, remarks, equity, completeTrials);
    }

    /** A copy of the equity curve. */
    @Override
    public double[] equity() {
        return equity.clone();
    }
}
