package io.pipelinev2.backtest.metrics;

import org.jspecify.annotations.Nullable;

/**
 * One figure: a finite number, or nothing with the reason for it. A number may carry a remark too, such as that it is
 * extrapolated.
 *
 * @param value finite, or null when the figure is undefined
 * @param remark why it is undefined, or what to keep in mind about it; null when there is nothing to say
 */
public record Metric(@Nullable Double value, @Nullable String remark) {

    /** Checks that a missing value has its reason and that a number is finite. */
    public Metric {
        if (value == null && (remark == null || remark.isBlank())) {
            throw new IllegalArgumentException("an undefined metric needs a reason in words");
        }
        if (value != null && !Double.isFinite(value)) {
            throw new IllegalArgumentException("a metric must be finite, was " + value);
        }
    }

    /** A defined figure; what is too large for a double becomes undefined. */
    public static Metric of(double value) {
        return Double.isFinite(value) ? new Metric(value, null) : undefined("too large to be a number");
    }

    /** A figure that does not exist for this input. */
    public static Metric undefined(String reason) {
        return new Metric(null, reason);
    }

    /** The same figure with something to keep in mind. */
    public Metric remarked(String text) {
        return new Metric(value, text);
    }

    /** Whether there is a number. */
    public boolean isDefined() {
        return value != null;
    }
}
