package io.pipelinev2.backtest.gate;

import io.pipelinev2.backtest.metrics.Metric;
import java.util.Map;
import java.util.Optional;

/**
 * One threshold. A gate that needs code is a {@link CustomGate}.
 *
 * @param name what people call it
 * @param metric name of the figure in the evidence: one of the {@link
 *     io.pipelinev2.backtest.metrics.MetricGlossary} for a backtest
 * @param comparison on which side of the threshold the figure must be
 * @param threshold finite
 */
public record Gate(String name, String metric, Comparison comparison, double threshold) {

    /** Checks that there are names and that the threshold is a number. */
    public Gate {
        if (name.isBlank() || metric.isBlank()) {
            throw new IllegalArgumentException(
                    "a gate needs a name and a metric, had '" + name + "' and '" + metric + "'");
        }
        if (!Double.isFinite(threshold)) {
            throw new IllegalArgumentException("the threshold of gate '" + name + "' must be finite, was " + threshold);
        }
    }

    boolean isOnSideOf(Gate other) {
        return metric.equals(other.metric) && comparison == other.comparison;
    }

    /** Why both could not stand in one set, if they could not. */
    Optional<String> conflictWith(Gate other) {
        if (!metric.equals(other.metric)) {
            return Optional.empty();
        }
        if (comparison == other.comparison) {
            return Optional.of(metric + " has two gates on one side, " + condition() + " and " + other.condition());
        }
        return comparison.margin(other.threshold, threshold) < 0
                ? Optional.of(metric + " cannot be both " + condition() + " and " + other.condition())
                : Optional.empty();
    }

    /** What it judges by, as it is recorded with a verdict. */
    public String basis() {
        return metric + " " + comparison.sign() + " " + threshold;
    }

    private String condition() {
        return comparison.sign() + " " + shown(threshold);
    }

    /** Judges the evidence. A figure that is missing, undefined or extrapolated fails. */
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
        if (found.extrapolated()) {
            return new GateResult(
                    this,
                    value,
                    finite(margin),
                    false,
                    name + " failed: " + metric + " is " + found.remark() + ", and such a figure passes no gate");
        }
        boolean passed = margin >= 0;
        String words = name + (passed ? " passed: " : " failed: ") + metric + " is " + beside(value) + ", must be "
                + condition();
        String explanation = explanations.get(metric);
        return new GateResult(this, value, finite(margin), passed, passed || explanation == null ? words : explanation);
    }

    /** The difference of two large numbers need not be a number. */
    private static double finite(double margin) {
        return Math.max(-Double.MAX_VALUE, Math.min(Double.MAX_VALUE, margin));
    }

    /** The value with as many digits as it takes to tell it from the threshold. */
    private String beside(double value) {
        String rounded = shown(value);
        return value != threshold && rounded.equals(shown(threshold)) ? Double.toString(value) : rounded;
    }

    private static String shown(double value) {
        if (value == Math.rint(value) && Math.abs(value) < 1e15) {
            return Long.toString((long) value);
        }
        return Double.toString(Math.abs(value) < 1e9 ? Math.round(value * 1e6) / 1e6 : value);
    }
}
