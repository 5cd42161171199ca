package io.pipelinev2.core.deployment;

import java.util.Locale;

/** What a deployment is meant to do. Stored, so that it outlives every process and every reboot. */
public enum DesiredState {
    RUNNING,
    STOPPED;

    /** The name in lower case, as it stands in JSON and in the database. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * The state of this {@linkplain #label() label}.
     *
     * @throws IllegalArgumentException if there is none
     */
    public static DesiredState of(String label) {
        return valueOf(label.toUpperCase(Locale.ROOT));
    }
}
