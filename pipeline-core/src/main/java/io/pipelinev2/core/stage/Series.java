package io.pipelinev2.core.stage;

import java.util.Arrays;

/**
 * A row of numbers that a stage has measured and that is too long for its results, such as an equity curve.
 *
 * @param name what it is, such as {@code equity}; one of a kind within a stage
 * @param basis what it was measured on, such as the hash of the market data; only series of equal basis are compared
 * @param values finite numbers
 */
public record Series(String name, String basis, double[] values) {

    /**
     * Takes its own copy of the values.
     *
     * @param name not blank
     * @param basis not blank
     * @param values finite, of any number; may be changed afterwards
     * @throws IllegalArgumentException if a name is blank or a value not finite; the message names its place
     */
    public Series {
        if (name.isBlank() || basis.isBlank()) {
            throw new IllegalArgumentException(
                    "a series needs a name and a basis, had '" + name + "' and '" + basis + "'");
        }
        values = values.clone();
        for (int i = 0; i < values.length; i++) {
            if (!Double.isFinite(values[i])) {
                throw new IllegalArgumentException("series " + name + " holds " + values[i] + " at " + i
                        + ", but must be finite: leave out what is undefined");
            }
        }
    }

    /** {@return a copy of the values, which is the caller's} */
    @Override
    public double[] values() {
        return values.clone();
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof Series that
                && name.equals(that.name)
                && basis.equals(that.basis)
                && Arrays.equals(values, that.values);
    }

    @Override
    public int hashCode() {
        return 31 * (31 * name.hashCode() + basis.hashCode()) + Arrays.hashCode(values);
    }

    @Override
    public String toString() {
        return "Series[" + name + ", " + values.length + " values on " + basis + "]";
    }
}
