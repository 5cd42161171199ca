package io.pipelinev2.core.stage;

import io.pipelinev2.core.stage.StageRun.Lease;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One stage of one trial: its state and its place in the queue, in one row, so that the two cannot drift apart.
 *
 * @param id the pipeline's own id, 0 before it is stored
 * @param trialId the trial
 * @param name the stage's name
 * @param position its place in the order of stages, 0 for the first
 * @param status where it stands
 * @param attempts attempts begun, the current one included; waiting for something to arrive is none
 * @param crashes how many of the attempts ended because their runner died
 * @param maxAttempts how many attempts it may use, crashed ones not counted
 * @param startedAt when the current or last attempt began
 * @param completedAt when it passed, failed or was skipped; of one that repeats its verdict, when the earlier one was given
 * @param dueAt from when on it may be claimed; null while it is not its turn
 * @param deadlineAt when the current attempt is given up
 * @param lease who is working on it, or null
 * @param token the fencing token of the latest claim, 0 before the first; every write of an attempt carries it
 * @param errorMessage what went wrong last, or the reason of a verdict against the trial
 * @param reason why it stands where it stands, in words
 * @param results the evidence of its verdict, JSON-like values; null before there is one. A stage that is pending or
 *     running with results has passed before and repeats that verdict
 */
public record StageRun(
        long id,
        long trialId,
        String name,
        int position,
        StageStatus status,
        int attempts,
        int crashes,
        int maxAttempts,
        @Nullable Instant startedAt,
        @Nullable Instant completedAt,
        @Nullable Instant dueAt,
        @Nullable Instant deadlineAt,
        @Nullable Lease lease,
        long token,
        @Nullable String errorMessage,
        @Nullable String reason,
        @Nullable Map<String, @Nullable Object> results) {

    /**
     * The right of one runner to work on a stage until a point in time.
     *
     * @param runner the runner's identity, unique per process start
     * @param host the machine it runs on
     * @param until when the right ends unless it is renewed
     */
    public record Lease(String runner, String host, Instant until) {}

    /**
     * {@return a stage that nobody has worked on, not stored yet}
     *
     * @param trialId the trial
     * @param name the stage's name
     * @param position its place in the order of stages, 0 for the first
     * @param maxAttempts how many attempts it may use, at least 1
     * @param dueAt from when on it may be claimed, or null while it is not its turn
     */
    public static StageRun waiting(long trialId, String name, int position, int maxAttempts, @Nullable Instant dueAt) {
        return new StageRun(
                0,
                trialId,
                name,
                position,
                StageStatus.PENDING,
                0,
                0,
                maxAttempts,
                null,
                null,
                dueAt,
                null,
                null,
                0,
                null,
                null,
                null);
    }

    /**
     * The same with the id that a store gave it.
     *
     * @param newId 1 or more
     * @return a copy
     */
    public StageRun withId(long newId) {
        Copy copy = new Copy(this);
        copy.id = newId;
        return copy.done();
    }

    /**
     * {@return this stage claimed for a new attempt, which is counted before its work starts}
     *
     * @param by who may work on it
     * @param now when the attempt begins
     * @param deadline when it is given up
     * @param newMaxAttempts how many it may use, as configured now
     */
    public StageRun claimed(Lease by, Instant now, Instant deadline, int newMaxAttempts) {
        Copy copy = new Copy(this);
        copy.status = StageStatus.RUNNING;
        copy.attempts++;
        copy.maxAttempts = newMaxAttempts;
        copy.startedAt = now;
        copy.dueAt = null;
        copy.deadlineAt = deadline;
        copy.lease = by;
        copy.token++;
        return copy.done();
    }

    /**
     * {@return this stage held by the same claim for longer}
     *
     * @param by the renewed right
     */
    public StageRun leased(Lease by) {
        Copy copy = new Copy(this);
        copy.lease = by;
        return copy.done();
    }

    /**
     * {@return this stage at another place in the order}
     *
     * @param newPosition 0 for the first
     */
    public StageRun movedTo(int newPosition) {
        Copy copy = new Copy(this);
        copy.position = newPosition;
        return copy.done();
    }

    /** {@return this stage before its turn: pending, and not due} */
    public StageRun notYet() {
        return new Copy(this).unclaimed(null).done();
    }

    /** {@return this stage with its crashes forgotten, which are not held against it any more} */
    public StageRun forgiven() {
        Copy copy = new Copy(this);
        copy.attempts -= crashes;
        copy.crashes = 0;
        return copy.done();
    }

    /**
     * {@return this stage when its turn has come}
     *
     * @param at from when on it may be claimed
     */
    public StageRun due(Instant at) {
        return new Copy(this).unclaimed(at).done();
    }

    /**
     * {@return this stage pending again, after an attempt that could not do its work and stays counted}
     *
     * @param at from when on it may be claimed
     * @param error what went wrong, or null
     * @param why why it waits, in words, or null
     */
    public StageRun again(Instant at, @Nullable String error, @Nullable String why) {
        return new Copy(this).unclaimed(at).because(error, why).done();
    }

    /**
     * {@return this stage after the death of its runner: the attempt stays counted, as a crash}
     *
     * @param at from when on it may be claimed
     * @param error what is known of it, in words
     */
    public StageRun crashed(Instant at, String error) {
        Copy copy = new Copy(this).unclaimed(at).because(error, error);
        copy.crashes++;
        return copy.done();
    }

    /**
     * {@return this stage after a claim that did no work, and is not counted}
     *
     * @param at from when on it may be claimed
     * @param why what it waits for, in words
     */
    public StageRun notReady(Instant at, String why) {
        Copy copy = new Copy(this).unclaimed(at).because(errorMessage, why);
        copy.attempts--;
        return copy.done();
    }

    /**
     * {@return this stage at its end}
     *
     * @param end passed, failed or skipped
     * @param at when
     * @param error what went wrong, or null
     * @param why why, in words, or null
     * @param evidence of the verdict, or null if there was none
     */
    public StageRun ended(
            StageStatus end,
            Instant at,
            @Nullable String error,
            @Nullable String why,
            @Nullable Map<String, @Nullable Object> evidence) {
        Copy copy = new Copy(this).unclaimed(null).because(error, why);
        copy.status = end;
        copy.completedAt = at;
        copy.results = evidence;
        return copy.done();
    }

    /**
     * {@return this stage as new, but with its fencing token, so that a late writer of an earlier attempt is still refused}
     *
     * @param at from when on it may be claimed, or null while it is not its turn
     * @param newMaxAttempts how many attempts it may use
     */
    public StageRun reset(@Nullable Instant at, int newMaxAttempts) {
        Copy copy = new Copy(this).unclaimed(at).because(null, null);
        copy.attempts = 0;
        copy.crashes = 0;
        copy.maxAttempts = newMaxAttempts;
        copy.startedAt = null;
        copy.completedAt = null;
        copy.results = null;
        return copy.done();
    }

    /**
     * {@return this stage due to give its verdict again} What it found before is kept until it has.
     *
     * @param at from when on it may be claimed
     * @param newMaxAttempts how many attempts it may use
     * @param why why, in words
     */
    public StageRun repeated(Instant at, int newMaxAttempts, String why) {
        Copy copy = new Copy(reset(at, newMaxAttempts)).because(null, why);
        copy.completedAt = completedAt;
        copy.results = results;
        return copy.done();
    }

    /**
     * {@return this stage passed as before, as its verdict was not given again} It is still of the time at which it was given.
     *
     * @param now used if that time is not known
     * @param error what went wrong, or null
     * @param why why it was not given again, in words
     */
    public StageRun kept(Instant now, @Nullable String error, String why) {
        return ended(StageStatus.PASSED, completedAt == null ? now : completedAt, error, why, results);
    }

    /** {@return whether it has passed before and gives its verdict again} */
    public boolean repeats() {
        return results != null && (status == StageStatus.PENDING || status == StageStatus.RUNNING);
    }

    /** {@return how many of its attempts did not end by the death of their runner, the current one included} */
    public int failures() {
        return attempts - crashes;
    }

    /** What may change of a stage, while it is being changed. */
    private static final class Copy {
        private final StageRun from;
        private long id;
        private int position;
        private StageStatus status;
        private int attempts;
        private int crashes;
        private int maxAttempts;
        private @Nullable Instant startedAt;
        private @Nullable Instant completedAt;
        private @Nullable Instant dueAt;
        private @Nullable Instant deadlineAt;
        private @Nullable Lease lease;
        private long token;
        private @Nullable String errorMessage;
        private @Nullable String reason;
        private @Nullable Map<String, @Nullable Object> results;

        Copy(StageRun from) {
            this.from = from;
            this.id = from.id;
            this.position = from.position;
            this.status = from.status;
            this.attempts = from.attempts;
            this.crashes = from.crashes;
            this.maxAttempts = from.maxAttempts;
            this.startedAt = from.startedAt;
            this.completedAt = from.completedAt;
            this.dueAt = from.dueAt;
            this.deadlineAt = from.deadlineAt;
            this.lease = from.lease;
            this.token = from.token;
            this.errorMessage = from.errorMessage;
            this.reason = from.reason;
            this.results = from.results;
        }

        /** Pending, with nobody working on it. */
        Copy unclaimed(@Nullable Instant due) {
            status = StageStatus.PENDING;
            dueAt = due;
            deadlineAt = null;
            lease = null;
            return this;
        }

        Copy because(@Nullable String error, @Nullable String why) {
            errorMessage = error;
            reason = why;
            return this;
        }

        StageRun done() {
            return new StageRun(
                    id,
                    from.trialId,
                    from.name,
                    position,
                    status,
                    attempts,
                    crashes,
                    maxAttempts,
                    startedAt,
                    completedAt,
                    dueAt,
                    deadlineAt,
                    lease,
                    token,
                    errorMessage,
                    reason,
                    results);
        }
    }
}
