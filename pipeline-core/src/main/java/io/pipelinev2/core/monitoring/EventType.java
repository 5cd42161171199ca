package io.pipelinev2.core.monitoring;

import java.util.Locale;

/** The kinds of {@link Event}. */
public enum EventType {
    /** A finished trial was seen for the first time, and queued. */
    TRIAL_DISCOVERED,
    /** A study was deleted in its storage and made anew under its name. */
    STUDY_REBORN,
    /** A stage let its trial go on. */
    STAGE_PASSED,
    /** A stage gave a verdict against its trial. */
    STAGE_REJECTED,
    /** A stage was left out: by itself, by an operator, or by the ranking. */
    STAGE_SKIPPED,
    /** An attempt could not do its work. */
    STAGE_ERROR,
    /** An attempt was not over at its deadline. */
    STAGE_TIMED_OUT,
    /** The runner of an attempt died. */
    STAGE_CRASHED,
    /** An attempt ended after it had been taken from its runner; its result was not applied. */
    LATE_RESULT,
    /** A trial is validated. */
    TRIAL_COMPLETED,
    /** A trial has ended without being validated. */
    TRIAL_FAILED,
    /** Nothing is begun on a trial until an operator unparks it. */
    TRIAL_PARKED,
    /** The engine holds a stage that fails for one trial after another. */
    STAGE_TRIPPED,
    /** A stage that the engine held goes again. */
    STAGE_RECOVERED,
    /** A trial was chosen to trade on paper. */
    TRIAL_DEPLOYED,
    /** A validated trial was not chosen. */
    TRIAL_RANKED_OUT,
    /** An operator had a stage begin again. */
    OPERATOR_RETRY,
    /** An operator had a stage left out. */
    OPERATOR_SKIP,
    /** An operator parked a trial. */
    OPERATOR_PARK,
    /** An operator let a parked trial go on. */
    OPERATOR_UNPARK,
    /** An operator held a stage, or all of them. */
    OPERATOR_PAUSE,
    /** An operator ended what held a stage, or all of them. */
    OPERATOR_UNPAUSE,
    /** An operator ended a trial. */
    OPERATOR_CANCEL,
    /** An operator had a stage give its verdict again. */
    OPERATOR_REVALIDATE,
    /** An operator had all runners finish what they have begun, and end. */
    OPERATOR_DRAIN,
    /** An operator named a trial to be deployed. */
    OPERATOR_DEPLOY,
    /** An operator had a deployment stopped. */
    OPERATOR_STOP,
    /** An operator had a deployment's process started anew. */
    OPERATOR_RESTART,
    /** An operator had a deployment tried again that had been given up. */
    OPERATOR_RESET,
    /** An operator gave a trial a slot whatever its rank, or took that back. */
    OPERATOR_PIN,
    /** An operator kept a trial from being deployed, or took that back. */
    OPERATOR_NEVER,
    /** An operator had a paper account sell all it holds. */
    OPERATOR_FLATTEN,
    /** An operator forbade orders. */
    OPERATOR_HALT,
    /** An operator allowed orders again. */
    OPERATOR_RESUME,
    /** An operator put a new access token in the place of the old one. */
    OPERATOR_ROTATE_TOKEN,
    /** A deployment's process was started. */
    DEPLOYMENT_STARTED,
    /** A process that an earlier supervisor had started is looked after again. */
    DEPLOYMENT_ADOPTED,
    /** A deployment's process ended although it was meant to run. */
    DEPLOYMENT_CRASHED,
    /** A deployment crashed too often, and is started no more until an operator acts. */
    DEPLOYMENT_CRASH_LOOP,
    /** A deployment's process was stopped. */
    DEPLOYMENT_STOPPED,
    /** A deployment gave its slot to a trial that ranks higher. */
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
    DEPLOYMENT_PROVEN,
    /** Something that a human should look at began. */
    ALERT_OPENED,
    /** It is over. */
    ALERT_RESOLVED,
    /** An operator has seen an alert, so that nobody is reminded of it. */
    OPERATOR_ACKNOWLEDGE,
    /** An operator wants nothing said of an alert for a time. */
    OPERATOR_SILENCE;

    /** {@return whether the ranking goes by events of this type, so that they are kept for as long as their trial} */
    public boolean steersRanking() {
        return this == OPERATOR_STOP || this == OPERATOR_DEPLOY;
    }

    /** {@return the name in lower case, as it stands in JSON and in the database} */
    public String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * {@return the type of a label}
     *
     * @param label as {@link #label()} gives it
     * @throws IllegalArgumentException if no type has it
     */
    public static EventType of(String label) {
        return valueOf(label.toUpperCase(Locale.ROOT));
    }
}
