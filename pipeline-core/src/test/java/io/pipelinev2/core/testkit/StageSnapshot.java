package io.pipelinev2.core.testkit;

import io.pipelinev2.core.stage.StageRun;
import io.pipelinev2.core.stage.StageStatus;
import io.pipelinev2.core.store.Attempt;
import io.pipelinev2.core.trial.TrialKey;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A stage of a trial as it stood when a test looked at it.
 *
 * @param trial the trial
 * @param row its row in the store
 * @param attempts its attempts, earlier rounds that an operator's retry put an end to included, in order of their starts
 * @param at the store's time when it was looked at
 */
public record StageSnapshot(TrialKey trial, StageRun row, List<Attempt> attempts, Instant at) {

    public StageSnapshot {
        attempts = List.copyOf(attempts);
    }

    /** How the attempts ended, in order of their starts. */
    public List<Attempt.Outcome> outcomes() {
        return attempts.stream().map(Attempt::outcome).toList();
    }

    /** From now until it may be claimed, negative if that time has passed; null if it is not its turn. */
    public @Nullable Duration dueIn() {
        Instant due = row.dueAt();
        return due == null ? null : Duration.between(at, due);
    }

    /** All that a reader of a failed assertion may want to know. */
    @Override
    public String toString() {
        StringBuilder words = new StringBuilder(row.name())
                .append(" of ")
                .append(trial)
                .append(" is ")
                .append(row.status().label());
        Duration wait = dueIn();
        if (wait != null) {
            words.append(", due in ").append(wait);
        } else if (row.status() == StageStatus.PENDING) {
            words.append(", not due");
        }
        if (row.reason() != null) {
            words.append(", because: ").append(row.reason());
        }
        words.append("; counts %d attempts, %d of them crashes".formatted(row.attempts(), row.crashes()));
        String history = attempts.stream().map(StageSnapshot::words).collect(Collectors.joining());
        return words.append(history).toString();
    }

    private static String words(Attempt attempt) {
        return "\n    attempt %d %s%s"
                .formatted(
                        attempt.number(),
                        attempt.outcome().label(),
                        attempt.error() == null ? "" : ": " + attempt.error());
    }
}
