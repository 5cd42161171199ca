package io.pipelinev2.core.stage;

import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;

/** Where one stage of one trial stands. {@link #canBecome} is the complete table of transitions. */
public enum StageStatus {
    /** Not its turn yet, due, or waiting for its next attempt. */
    PENDING,
    /** Claimed by a runner, which holds a lease on it. */
    RUNNING,
    /** A verdict for the trial, which goes on. */
    PASSED,
    /** A verdict against the trial, a permanent error, or exhausted attempts. */
    FAILED,
    /** Left out with a reason: by the stage itself, by an operator, or by the ranking. */
    SKIPPED;

    /**
     * {@return whether a stage in this status may go to another}
     *
     * @param next the other, or the same: what is still open, or skipped, may stay so
     */
    public boolean canBecome(StageStatus next) {
        return successors().contains(next);
    }

    private Set<StageStatus> successors() {
        return switch (this) {
            // straight to an end: the deployer and operators decide without an attempt
            case PENDING -> EnumSet.of(PENDING, RUNNING, PASSED, FAILED, SKIPPED);
            // back to pending: a retry, a crash, or not ready
            case RUNNING -> EnumSet.of(RUNNING, PENDING, PASSED, FAILED, SKIPPED);
            // an operator's retry; a deployed trial that another one outranks
            case PASSED -> EnumSet.of(PENDING, SKIPPED);
            case FAILED -> EnumSet.of(PENDING, SKIPPED);
            // a trial ranked out may be deployed later
            case SKIPPED -> EnumSet.of(PENDING, PASSED, SKIPPED);
        };
    }

    /** {@return whether the trial goes on to its next stage from here} */
    public boolean letsTrialContinue() {
        return this == PASSED || this == SKIPPED;
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
    public static StageStatus of(String label) {
        return valueOf(label.toUpperCase(Locale.ROOT));
    }
}
