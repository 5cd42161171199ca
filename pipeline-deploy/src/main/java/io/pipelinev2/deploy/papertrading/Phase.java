package io.pipelinev2.deploy.papertrading;

import java.util.Locale;

/** What a trader is doing. */
public enum Phase {
    /** Trading the bars as they come. */
    TRADING,
    /** No further bar is coming at present; the account is kept. */
    IDLE,
    /** Asked to end. */
    STOPPING;

    /** The name in lower case, as it stands in {@code state.json}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * The phase of this {@linkplain #label() label}.
     *
     * @throws IllegalArgumentException if there is none
     */
    public static Phase of(String label) {
        return valueOf(label.toUpperCase(Locale.ROOT));
    }
}
