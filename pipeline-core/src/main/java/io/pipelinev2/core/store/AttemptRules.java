package io.pipelinev2.core.store;

import io.pipelinev2.core.stage.StageRun;
import io.pipelinev2.core.stage.StageStatus;
import io.pipelinev2.core.trial.Trial;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What the stages and the history of their attempts say of each other. */
final class AttemptRules {

    private record ClaimId(long stageId, long token) {}

    private final StoreReader tx;
    private final Map<Long, Trial> trials;
    private final Map<Long, StageRun> stages = new HashMap<>();
    private final List<String> violations = new ArrayList<>();

    AttemptRules(StoreReader tx, Map<Long, Trial> trials, Map<Long, List<StageRun>> stagesByTrial) {
        this.tx = tx;
        this.trials = trials;
        stagesByTrial.values().forEach(list -> list.forEach(stage -> stages.put(stage.id(), stage)));
    }

    List<String> violations() {
        Set<ClaimId> running = new HashSet<>();
        for (Attempt attempt : tx.unendedAttempts()) {
            if (attempt.outcome() == Attempt.Outcome.RUNNING) {
                running.add(new ClaimId(attempt.stageId(), attempt.token()));
            }
            unended(attempt, stages.get(attempt.stageId()));
        }
        Map<Long, Long> latest = tx.latestTokens();
        for (StageRun stage : stages.values()) {
            Trial trial = trials.get(stage.trialId());
            if (trial == null) {
                violations.add("Stage %s (id %d): a stage belongs to a trial, but there is no trial %d."
                        .formatted(stage.name(), stage.id(), stage.trialId()));
                continue;
            }
            long token = latest.getOrDefault(stage.id(), 0L);
            if (token > stage.token()) {
                add(
                        StageRules.name(trial, stage),
                        "its token is that of its latest claim, %d, but an attempt of it carries token %d",
                        stage.token(),
                        token);
            }
            if (stage.status() == StageStatus.RUNNING && !running.contains(new ClaimId(stage.id(), stage.token()))) {
                add(
                        StageRules.name(trial, stage),
                        "a running stage has a running attempt with its token %d, but that %s",
                        stage.token(),
                        tx.attempt(stage.id(), stage.token())
                                .map(attempt ->
                                        "has ended as " + attempt.outcome().label())
                                .orElse("is missing"));
            }
        }
        return violations;
    }

    private void unended(Attempt attempt, @Nullable StageRun stage) {
        String name = name(attempt, trials.get(attempt.trialId()));
        if (stage == null) {
            add(name, "an attempt belongs to a stage, but there is no stage %d", attempt.stageId());
            return;
        }
        if (stage.trialId() != attempt.trialId()) {
            add(name, "an attempt is of the trial of its stage, but that is trial %d", stage.trialId());
        }
        boolean running = attempt.outcome() == Attempt.Outcome.RUNNING;
        if (!running) {
            add(
                    name,
                    "an attempt that has ended says when, but it is %s without an end",
                    attempt.outcome().label());
        } else if (attempt.endedAt() != null) {
            add(name, "a running attempt has not ended, but it has at %s", attempt.endedAt());
        }
        if (running && !(stage.status() == StageStatus.RUNNING && stage.token() == attempt.token())) {
            add(
                    name,
                    "an attempt runs only while its stage runs with its token %d, but the stage is %s with token %d",
                    attempt.token(),
                    stage.status().label(),
                    stage.token());
        }
    }

    private static String name(Attempt attempt, @Nullable Trial trial) {
        return "Attempt %d (id %d) of stage %s (id %d) of trial %s(id %d)"
                .formatted(
                        attempt.number(),
                        attempt.id(),
                        attempt.stage(),
                        attempt.stageId(),
                        trial == null ? "" : trial.key() + " ",
                        attempt.trialId());
    }

    private void add(String name, String words, Object... facts) {
        violations.add(name + ": " + words.formatted(facts) + ".");
    }
}
