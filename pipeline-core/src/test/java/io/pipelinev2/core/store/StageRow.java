package io.pipelinev2.core.store;

import static io.pipelinev2.core.store.StoreSamples.AT;

import io.pipelinev2.core.stage.StageRun;
import io.pipelinev2.core.stage.StageRun.Lease;
import io.pipelinev2.core.stage.StageStatus;
import io.pipelinev2.core.trial.Trial;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A row of a stage in the making that may say anything, whether the engine would ever write it or not. */
final class StageRow {

    private final Trial trial;
    private String name = "work";
    private int position;
    private StageStatus status = StageStatus.PENDING;
    private int attempts;
    private int crashes;
    private @Nullable Instant startedAt;
    private @Nullable Instant completedAt;
    private @Nullable Instant dueAt;
    private @Nullable Instant deadlineAt;
    private @Nullable Lease lease;
    private long token;

    private StageRow(Trial trial) {
        this.trial = trial;
    }

    static StageRow waiting(Trial trial) {
        return new StageRow(trial);
    }

    static StageRow due(Trial trial) {
        return waiting(trial).dueAt(AT);
    }

    static StageRow running(Trial trial) {
        return waiting(trial)
                .status(StageStatus.RUNNING)
                .counting(1, 0)
                .startedAt(AT)
                .deadlineAt(AT.plusSeconds(60))
                .lease(new Lease("runner-1", "host", AT.plusSeconds(30)))
                .token(1);
    }

    static StageRow ended(Trial trial, StageStatus status) {
        return waiting(trial).status(status).completedAt(AT);
    }

    StageRow at(int newPosition, String newName) {
        position = newPosition;
        name = newName;
        return this;
    }

    StageRow status(StageStatus value) {
        status = value;
        return this;
    }

    StageRow counting(int newAttempts, int newCrashes) {
        attempts = newAttempts;
        crashes = newCrashes;
        return this;
    }

    StageRow startedAt(@Nullable Instant value) {
        startedAt = value;
        return this;
    }

    StageRow completedAt(@Nullable Instant value) {
        completedAt = value;
        return this;
    }

    StageRow dueAt(@Nullable Instant value) {
        dueAt = value;
        return this;
    }

    StageRow deadlineAt(@Nullable Instant value) {
        deadlineAt = value;
        return this;
    }

    StageRow lease(@Nullable Lease value) {
        lease = value;
        return this;
    }

    StageRow token(long value) {
        token = value;
        return this;
    }

    StageRun done() {
        return new StageRun(
                0,
                trial.id(),
                name,
                position,
                status,
                attempts,
                crashes,
                3,
                startedAt,
                completedAt,
                dueAt,
                deadlineAt,
                lease,
                token,
                null,
                null,
                null);
    }
}
