package io.pipelinev2.core.deployment;

import java.util.Locale;

/** The finer words beside a {@link DeploymentStatus}. */
public enum DeploymentHealth {
    /** Launched; its start time has not passed, or it has not reported yet. */
    STARTING,
    HEALTHY,
    /** Alive, but not as it should be. */
    DEGRADED,
    /** Alive and looking for bars, but its market data are too old to trade on. */
    STALE,
    /** Alive, but its trading loop makes no progress: it is about to be replaced. */
    HUNG,
    /** It died too often and is not started again until an operator resets or stops it. It keeps its slot. */
    CRASH_LOOP,
    /** It ended with an exit code that says starting again would not help. It keeps its slot. */
    PERMANENT_FAILURE,
    /** Waiting for its next start after a crash. */
    BACKOFF,
    STOPPING,
    STOPPED,
    /** It cannot be told. */
    UNKNOWN;

    /** Whether it stays down until an operator acts. */
    public boolean givenUp() {
        return this == CRASH_LOOP || this == PERMANENT_FAILURE;
    }

    /** The name in lower case, as it stands in JSON and in the database. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * The health of this {@linkplain #label() label}.
     *
     * @throws IllegalArgumentException if there is none
     */
    public static DeploymentHealth of(String label) {
        return valueOf(label.toUpperCase(Locale.ROOT));
    }
}
