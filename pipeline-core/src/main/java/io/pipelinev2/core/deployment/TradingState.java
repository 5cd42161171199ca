package io.pipelinev2.core.deployment;

import java.util.Locale;

/** Which orders a trader may give, on paper. */
public enum TradingState {
    /** All that its model decides. */
    ACTIVE,
    /** Sales only: no new entries, exits still run. */
    REDUCING,
    /** None at all: positions stay as they are. */
    HALTED;

    /** The stricter of two. */
    public TradingState and(TradingState other) {
        return compareTo(other) >= 0 ? this : other;
    }

    /** The name in lower case, as it stands in JSON and in the database. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * The state of this {@linkplain #label() label}.
     *
     * @throws IllegalArgumentException if there is none
     */
    public static TradingState of(String label) {
        return valueOf(label.toUpperCase(Locale.ROOT));
    }
}
