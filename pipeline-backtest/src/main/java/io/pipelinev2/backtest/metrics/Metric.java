package io.pipelinev2.backtest.metrics;

import org.jspecify.annotations.Nullable;

/**
 * One figure: a finite number, or nothing with the reason for it. A number may carry a remark too, such as that it is
 * extrapolated.
 *
 * @param value finite, or null when the figure is undefined
 * @param remark why it is undefined, or what to keep in mind about it; null when there is nothing to say
 * @param extrapolated whether a short run was compounded to a whole year: such a number is shown, never gated on
 */
public record Metric(@Nullable Double value, @Nullable String remark, boolean extrapolated) {

    private static final String TOO_LARGE = "too large to be a number";

    /** Checks that a missing value has its reason and that a number is finite. */
    public Metric {
        if (value == null && (remark == null || remark.isBlank())) {
            throw new IllegalArgumentException("an undefined metric needs a reason in words");
        }
        if (value != null && !Double.isFinite(value)) {
            throw new IllegalArgumentException("a metric must be finite, was " + value);
        }
    }

    /** A figure that is not extrapolated. */
    public Metric(@Nullable Double value, @Nullable String remark) {
        this(value, remark, false);
    }

    /** A defined figure; what is too large for a double becomes undefined. */
    public static Metric of(double value) {
        return Double.isFinite(value) ? new Metric(value, null) : undefined(TOO_LARGE);
    }

    /** A figure that does not exist for this input. */
    public static Metric undefined(String reason) {
        return new Metric(null, reason);
    }

    /** A quotient, undefined without a divisor; one that is too large must not make the quotient 0. */
    static Metric quotient(double dividend, double divisor, String whenZero) {
        if (divisor == 0) {
            return undefined(whenZero);
        }
        return Double.isFinite(divisor) ? of(dividend / divisor) : undefined(TOO_LARGE);
    }

    /** The same figure with something to keep in mind. */
    public Metric remarked(String text) {
        return new Metric(value, text, extrapolated);
    }

    /** The same figure, compounded from a run that is too short for it. */
    Metric extrapolatedFrom(int steps) {
        return value == null
                ? this
                : new Metric(value, "extrapolated from " + steps + " steps, less than a quarter of a year", true);
    }

    /** Whether there is a number. */
    public boolean isDefined() {
        return value != null;
    }
}
