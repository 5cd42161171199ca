package io.pipelinev2.core.store;

import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * One attempt of one stage, kept as history.
 *
 * @param id the pipeline's own id, 0 before it is stored
 * @param stageId the stage
 * @param trialId the trial
 * @param stage the stage's name
 * @param number 1 for the first
 * @param token the fencing token of its claim
 * @param runner who worked on it
 * @param host on which machine
 * @param startedAt when its claim was made
 * @param endedAt when it ended, null while it runs
 * @param outcome how it ended
 * @param error what went wrong, or why the verdict was against the trial, or null
 * @param stackTrace where it went wrong, or null
 */
public record Attempt(
        long id,
        long stageId,
        long trialId,
        String stage,
        int number,
        long token,
        String runner,
        String host,
        Instant startedAt,
        @Nullable Instant endedAt,
        Outcome outcome,
        @Nullable String error,
        @Nullable String stackTrace) {

    /** How an attempt ended. */
    public enum Outcome {
        RUNNING,
        PASSED,
        REJECTED,
        SKIPPED,
        /** It threw. */
        ERROR,
        TIMED_OUT,
        /** Its runner died. */
        CRASHED,
        /** An operator or a shutdown ended it. */
        CANCELLED;

        /** The name in lower case, as it stands in the database. */
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }

        public static Outcome of(String label) {
            return valueOf(label.toUpperCase(Locale.ROOT));
        }
    }

    public Attempt withId(long newId) {
        return new Attempt(
                newId,
                stageId,
                trialId,
                stage,
                number,
                token,
                runner,
                host,
                startedAt,
                endedAt,
                outcome,
                error,
                stackTrace);
    }

    public Attempt ended(Outcome how, Instant at, @Nullable String why, @Nullable String trace) {
        return new Attempt(id, stageId, trialId, stage, number, token, runner, host, startedAt, at, how, why, trace);
    }
}
