package io.pipelinev2.core.monitoring;

import java.util.Locale;

/** The kinds of {@link Event}. */
public enum EventType {
    TRIAL_DISCOVERED,
    STUDY_REBORN,
    STAGE_PASSED,
    STAGE_REJECTED,
    STAGE_SKIPPED,
    STAGE_ERROR,
    STAGE_TIMED_OUT,
    STAGE_CRASHED,
    /** An attempt ended after it had been taken from its runner; its result was not applied. */
    LATE_RESULT,
    TRIAL_COMPLETED,
    TRIAL_FAILED,
    TRIAL_PARKED,
    /** The engine holds a stage that fails for one trial after another. */
    STAGE_TRIPPED,
    /** A stage that the engine held goes again. */
    STAGE_RECOVERED,
    TRIAL_DEPLOYED,
    TRIAL_RANKED_OUT,
    OPERATOR_RETRY,
    OPERATOR_SKIP,
    OPERATOR_PARK,
    OPERATOR_UNPARK,
    OPERATOR_PAUSE,
    OPERATOR_UNPAUSE,
    OPERATOR_CANCEL,
    OPERATOR_REVALIDATE,
    OPERATOR_DRAIN,
    OPERATOR_DEPLOY,
    OPERATOR_STOP,
    OPERATOR_RESTART,
    DEPLOYMENT_STARTED,
    DEPLOYMENT_ADOPTED,
    DEPLOYMENT_CRASHED,
    DEPLOYMENT_CRASH_LOOP,
    DEPLOYMENT_STOPPED,
    DEPLOYMENT_REPLACED;

    /** Whether the ranking goes by events of this type, so that they are kept for as long as their trial. */
    public boolean steersRanking() {
        return this == OPERATOR_STOP || this == OPERATOR_DEPLOY;
    }

    /** The name in lower case, as it stands in JSON and in the database. */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * The type of this {@linkplain #label() label}.
     *
     * @throws IllegalArgumentException if there is none
     */
    public static EventType of(String label) {
        return valueOf(label.toUpperCase(Locale.ROOT));
    }
}
