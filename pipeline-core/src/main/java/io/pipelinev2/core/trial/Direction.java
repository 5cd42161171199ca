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

    /** {@return the name in lower case, as it stands in JSON and in the database} */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * {@return the direction of a label}
     *
     * @param label as {@link #label()} gives it
     * @throws IllegalArgumentException if no direction has it
     */
    public static Direction of(String label) {
        return valueOf(label.toUpperCase(Locale.ROOT));
    }
}
