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
    OPERATOR_RESET,
    OPERATOR_PIN,
    OPERATOR_NEVER,
    OPERATOR_FLATTEN,
    OPERATOR_HALT,
    OPERATOR_RESUME,
    DEPLOYMENT_STARTED,
    DEPLOYMENT_ADOPTED,
    DEPLOYMENT_CRASHED,
    DEPLOYMENT_CRASH_LOOP,
    DEPLOYMENT_STOPPED,
    DEPLOYMENT_REPLACED,
    /** A trader's loop made no progress; it was dumped and is replaced. */
    DEPLOYMENT_HUNG,
    /** A process of this home runs that no deployment knows. */
    DEPLOYMENT_ORPHANED,
    /** So many deployments failed at once that a common cause is suspected. */
    DEPLOYMENTS_SUSPECT,
    /** A trader may give other orders than before: a stop tripped, it was halted or resumed. */
    DEPLOYMENT_TRADING,
    /** Paper results left the range that the backtest leads to expect, or came back into it. */
    DEPLOYMENT_DRIFTED,
    /** A paper record passed the gate for it, or passes it no longer. */
    DEPLOYMENT_PROVEN;

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
