package io.pipelinev2.core.trial;

import java.util.Locale;

/** Whether a study looks for small or for large values of an objective. */
public enum Direction {
    /** Small values are good. */
    MINIMIZE,
    /** Large values are good. */
    MAXIMIZE,
    /** The study never said. Such a trial is backtested, but cannot be ranked by its objective. */
    NOT_SET;

    /** The name in lower case, as it stands in JSON and in the database. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * The direction of this {@linkplain #label() label}.
     *
     * @throws IllegalArgumentException if there is none
     */
    public static Direction of(String label) {
        return valueOf(label.toUpperCase(Locale.ROOT));
    }
}
