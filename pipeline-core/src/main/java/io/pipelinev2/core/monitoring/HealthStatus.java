package io.pipelinev2.core.monitoring;

import java.util.Locale;

/** How well a component, or the pipeline as a whole, is. */
public enum HealthStatus {
    /** It does its work. */
    HEALTHY,
    /** It runs, but something of it fails or is held. */
    DEGRADED,
    /** It does not run. */
    DOWN;

    /** {@return the name in lower case, as it stands in JSON and in the database} */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * {@return the status of a label}
     *
     * @param label as {@link #label()} gives it
     * @throws IllegalArgumentException if no status has it
     */
    public static HealthStatus of(String label) {
        return valueOf(label.toUpperCase(Locale.ROOT));
    }

    /**
     * {@return the worse of this and another}
     *
     * @param other what to compare with; {@link #DOWN} is the worst
     */
    public HealthStatus worse(HealthStatus other) {
        return compareTo(other) >= 0 ? this : other;
    }
}
