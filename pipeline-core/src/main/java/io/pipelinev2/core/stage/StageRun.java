package io.pipelinev2.core.stage;

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
 * @param completedAt when it passed, failed or was skipped
 * @param dueAt from when on it may be claimed; null while it is not its turn
 * @param deadlineAt when the current attempt is given up
 * @param lease who is working on it, or null
 * @param token the fencing token of the latest claim, 0 before the first; every write of an attempt carries it
 * @param errorMessage what went wrong last, or the reason of a verdict against the trial
 * @param reason why it stands where it stands, in words
 * @param results the evidence of its verdict, JSON-like values; null before there is one
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

    /** A stage that waits for its turn, or is due at once if {@code dueAt} is given. */
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

    public StageRun withId(long newId) {
        return new StageRun(
                newId,
                trialId,
                name,
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

    /** Claimed for a new attempt; the attempt is counted before its work starts. */
    public StageRun claimed(Lease by, Instant now, Instant deadline, int newMaxAttempts) {
        return new StageRun(
                id,
                trialId,
                name,
                position,
                StageStatus.RUNNING,
                attempts + 1,
                crashes,
                newMaxAttempts,
                now,
                null,
                null,
                deadline,
                by,
                token + 1,
                errorMessage,
                reason,
                results);
    }

    public StageRun leased(Lease by) {
        return new StageRun(
                id,
                trialId,
                name,
                position,
                status,
                attempts,
                crashes,
                maxAttempts,
                startedAt,
                completedAt,
                dueAt,
                deadlineAt,
                by,
                token,
                errorMessage,
                reason,
                results);
    }

    /** Its turn has come. */
    public StageRun due(Instant at) {
        return new StageRun(
                id,
                trialId,
                name,
                position,
                StageStatus.PENDING,
                attempts,
                crashes,
                maxAttempts,
                startedAt,
                null,
                at,
                null,
                null,
                token,
                errorMessage,
                reason,
                results);
    }

    /** Pending again after an attempt that could not do its work; due at {@code at}, or held if null. */
    public StageRun again(@Nullable Instant at, @Nullable String error, @Nullable String why) {
        return new StageRun(
                id,
                trialId,
                name,
                position,
                StageStatus.PENDING,
                attempts,
                crashes,
                maxAttempts,
                startedAt,
                null,
                at,
                null,
                null,
                token,
                error,
                why,
                results);
    }

    /** The attempt's runner died: the attempt stays counted, as a crash. */
    public StageRun crashed(@Nullable Instant at, String error) {
        return new StageRun(
                id,
                trialId,
                name,
                position,
                StageStatus.PENDING,
                attempts,
                crashes + 1,
                maxAttempts,
                startedAt,
                null,
                at,
                null,
                null,
                token,
                error,
                error,
                results);
    }

    /** The claim did no work: it is not counted. */
    public StageRun notReady(Instant at, String why) {
        return new StageRun(
                id,
                trialId,
                name,
                position,
                StageStatus.PENDING,
                attempts - 1,
                crashes,
                maxAttempts,
                startedAt,
                null,
                at,
                null,
                null,
                token,
                errorMessage,
                why,
                results);
    }

    /** Ended. */
    public StageRun ended(
            StageStatus end,
            Instant at,
            @Nullable String error,
            @Nullable String why,
            @Nullable Map<String, @Nullable Object> evidence) {
        return new StageRun(
                id,
                trialId,
                name,
                position,
                end,
                attempts,
                crashes,
                maxAttempts,
                startedAt,
                at,
                null,
                null,
                null,
                token,
                error,
                why,
                evidence);
    }

    /** As new, but with its fencing token, so that a late writer of an earlier attempt is still refused. */
    public StageRun reset(@Nullable Instant at, int newMaxAttempts) {
        return new StageRun(
                id,
                trialId,
                name,
                position,
                StageStatus.PENDING,
                0,
                0,
                newMaxAttempts,
                null,
                null,
                at,
                null,
                null,
                token,
                null,
                null,
                null);
    }

    /** Attempts that failed by the stage's own doing. */
    public int failures() {
        return attempts - crashes;
    }
}
