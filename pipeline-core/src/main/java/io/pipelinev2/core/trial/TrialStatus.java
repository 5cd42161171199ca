package io.pipelinev2.core.trial;

import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/** Where a trial stands as a whole. {@link #canBecome} is the complete table of transitions. */
public enum TrialStatus {
    /** Nothing started yet, or waiting for its model to arrive. */
    PENDING,
    /** From the first claim until the end, waiting for a retry included. */
    PROCESSING,
    /** Validated, and trading on paper. */
    DEPLOYED,
    /** Validated; not, or no longer, deployed. */
    COMPLETED,
    /** A verdict against it, a permanent error, exhausted attempts, or cancelled. */
    FAILED;

    /**
     * {@return whether a trial in this status may go to another}
     *
     * @param next the other; none may become what it is
     */
    public boolean canBecome(TrialStatus next) {
        return successors().contains(next);
    }

    private Set<TrialStatus> successors() {
        return switch (this) {
            case PENDING -> EnumSet.of(PROCESSING, FAILED);
            // back to pending: its first stage found that the model has not arrived yet
            case PROCESSING -> EnumSet.of(PENDING, DEPLOYED, COMPLETED, FAILED);
            case DEPLOYED -> EnumSet.of(COMPLETED, PROCESSING);
            // to deployed: an operator names it, or a later batch's slot goes to it
            case COMPLETED -> EnumSet.of(DEPLOYED, PROCESSING);
            // only by an operator's retry or skip
            case FAILED -> EnumSet.of(PROCESSING);
        };
    }

    /** {@return whether the pipeline is through with a trial in this status, until somebody asks for more} */
    public boolean isDecided() {
        return this == DEPLOYED || this == COMPLETED || this == FAILED;
    }

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
    public static TrialStatus of(String label) {
        return valueOf(label.toUpperCase(Locale.ROOT));
    }
}
