package io.pipelinev2.backtest.gate;

import io.pipelinev2.backtest.metrics.Metric;
import java.util.Map;

/**
 * One threshold.
 *
 * @param name what people call it
 * @param metric name of the figure in the evidence: a metric's own name, {@code legacy_v2.<name>} for the original's
 *     formulas, or {@code trades}
 * @param comparison on which side of the threshold the figure must be
 * @param threshold finite
 */
public record Gate(String name, String metric, Comparison comparison, double threshold) {

    /** Checks that the threshold is a number. */
    public Gate {
        if (!Double.isFinite(threshold)) {
            throw new IllegalArgumentException("the threshold of gate '" + name + "' must be finite, was " + threshold);
        }
    }

    /** Judges the evidence. A figure that is missing or undefined fails. */
    GateResult judge(Map<String, Metric> evidence, Map<String, String> explanations) {
        Metric found = evidence.get(metric);
        if (found == null) {
            return new GateResult(this, null, null, false, name + " failed: " + metric + " was not measured");
        }
        Double value = found.value();
        if (value == null) {
            return new GateResult(
                    this, null, null, false, name + " failed: " + metric + " is undefined (" + found.remark() + ")");
        }
        double margin = comparison.margin(value, threshold);
        boolean passed = margin >= 0;
        String words = name + (passed ? " passed: " : " failed: ") + metric + " is " + shown(value) + ", must be "
                + comparison.sign() + " " + shown(threshold);
        String explanation = explanations.get(metric);
        return new GateResult(this, value, margin, passed, passed || explanation == null ? words : explanation);
    }

    private static String shown(double value) {
        return value == Math.rint(value) && Math.abs(value) < 1e15
                ? Long.toString((long) value)
                : Double.toString(Math.round(value * 1e6) / 1e6);
    }
}
