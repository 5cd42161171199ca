package io.pipelinev2.core.deployment;

import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/** Whether a deployment's process runs. {@link #canBecome} is the complete table of transitions. */
public enum DeploymentStatus {
    RUNNING,
    /** Not running, and not meant to; or not started yet. */
    STOPPED,
    /** Not running although it is meant to; it is started again unless its health says otherwise. */
    CRASHED;

    /** Whether a deployment in this status may go to {@code next}. */
    public boolean canBecome(DeploymentStatus next) {
        return successors().contains(next);
    }

    private Set<DeploymentStatus> successors() {
        return switch (this) {
            case RUNNING -> EnumSet.of(RUNNING, STOPPED, CRASHED);
            // to crashed: its very start failed
            case STOPPED -> EnumSet.of(STOPPED, RUNNING, CRASHED);
            case CRASHED -> EnumSet.of(CRASHED, RUNNING, STOPPED);
        };
    }

    /** The name in lower case, as it stands in JSON and in the database. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * The status of this {@linkplain #label() label}.
     *
     * @throws IllegalArgumentException if there is none
     */
    public static DeploymentStatus of(String label) {
        return valueOf(label.toUpperCase(Locale.ROOT));
    }
}
