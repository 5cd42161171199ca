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

    /** The name in lower case, as it stands in JSON and in the database. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * The status of this {@linkplain #label() label}.
     *
     * @throws IllegalArgumentException if there is none
     */
    public static HealthStatus of(String label) {
        return valueOf(label.toUpperCase(Locale.ROOT));
    }

    /** The worse of the two. */
    public HealthStatus worse(HealthStatus other) {
        return compareTo(other) >= 0 ? this : other;
    }
}
