package io.pipelinev2.core.execution;

import io.pipelinev2.core.monitoring.Event;
import io.pipelinev2.core.monitoring.EventType;
import io.pipelinev2.core.monitoring.Operator;
import io.pipelinev2.core.stage.StageRun;
import io.pipelinev2.core.stage.StageStatus;
import io.pipelinev2.core.store.PipelineStore;
import io.pipelinev2.core.store.StoreReader;
import io.pipelinev2.core.store.StoreWriter;
import io.pipelinev2.core.trial.Trial;
import io.pipelinev2.core.trial.TrialKey;
import io.pipelinev2.core.trial.TrialStatus;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an operator may do to a trial's stages. Everything is written to the store, so it works from any process, whether
 * a daemon is up or not, and leaves an event that says who did it.
 */
public final class Operations {

    private final PipelineStore store;

    public Operations(PipelineStore store) {
        this.store = store;
    }

    /**
     * Makes a failed, skipped, passed or parked stage due again, with all its attempts. Stages after it wait for it and
     * lose their results. Doing it twice changes nothing the second time.
     *
     * @param stage the stage, or null for the one that failed or is parked
     * @return what was done, in words
     * @throws TrialNotFoundException if there is no such trial
     * @throws RefusedException if the trial has no such stage, the stage is running, or the trial is deployed
     */
    public String retry(TrialKey key, @Nullable String stage, Operator by) {
        return store.writeAfresh(tx -> {
            Trial trial = find(tx, key);
            if (trial.status() == TrialStatus.DEPLOYED) {
                throw new RefusedException("Trial %s is deployed. Stop it first: stop %s.".formatted(key, key));
            }
            StageRun target = stage == null ? stuck(tx, trial) : find(tx, trial, stage);
            if (target.status() == StageStatus.RUNNING) {
                throw new RefusedException(
                        "Stage %s of trial %s is running. Wait for its end.".formatted(target.name(), key));
            }
            Instant now = store.now();
            if (isDue(target, now) && target.attempts() == 0 && trial.heldReason() == null) {
                return "Stage %s of trial %s is due already.".formatted(target.name(), key);
            }
            for (StageRun run : tx.stages(trial.id())) {
                if (run.position() < target.position() && !run.status().letsTrialContinue()) {
                    throw new RefusedException("Stage %s of trial %s comes before %s and is %s. Retry that one first."
                            .formatted(
                                    run.name(), key, target.name(), run.status().label()));
                }
                if (run.position() >= target.position()) {
                    tx.update(run, run.reset(run.id() == target.id() ? now : null, run.maxAttempts()));
                }
            }
            String done = "Stage %s of trial %s is due again.".formatted(target.name(), key);
            if (trial.status() != TrialStatus.PENDING || trial.heldReason() != null) {
                TrialStatus status =
                        trial.status() == TrialStatus.PENDING ? TrialStatus.PENDING : TrialStatus.PROCESSING;
                tx.update(trial, trial.become(status, null, now));
            }
            tx.append(Event.byOperator(now, EventType.OPERATOR_RETRY, trial.id(), target.name(), by, done));
            return done;
        });
    }

    /**
     * Leaves a stage of a trial out: the trial goes on as if it had passed.
     *
     * @return what was done, in words
     * @throws TrialNotFoundException if there is no such trial
     * @throws RefusedException if the trial has no such stage, it is not its turn, it is running or has passed
     */
    public String skip(TrialKey key, String stage, String reason, Operator by) {
        if (reason.isBlank()) {
            throw new RefusedException("Skipping a stage needs a reason in words.");
        }
        return store.writeAfresh(tx -> {
            Trial trial = find(tx, key);
            StageRun run = find(tx, trial, stage);
            if (run.status() == StageStatus.SKIPPED) {
                return "Stage %s of trial %s is skipped already: %s".formatted(stage, key, run.reason());
            }
            boolean pendingInTurn = run.status() == StageStatus.PENDING
                    && tx.stages(trial.id()).stream()
                            .allMatch(other -> other.position() >= run.position()
                                    || other.status().letsTrialContinue());
            if (!pendingInTurn && run.status() != StageStatus.FAILED) {
                throw new RefusedException("Stage %s of trial %s is %s and cannot be skipped now."
                        .formatted(
                                stage,
                                key,
                                run.status() == StageStatus.PENDING
                                        ? "waiting for an earlier one"
                                        : run.status().label()));
            }
            Instant now = store.now();
            String why = "skipped by %s: %s".formatted(by.name(), reason);
            tx.update(run, run.ended(StageStatus.SKIPPED, now, null, why, run.results()));
            if (trial.status() != TrialStatus.PROCESSING || trial.heldReason() != null) {
                tx.update(trial, trial.become(TrialStatus.PROCESSING, null, now));
            }
            tx.append(Event.byOperator(now, EventType.OPERATOR_SKIP, trial.id(), stage, by, reason));
            Queue.advance(tx, run, now);
            return "Stage %s of trial %s is skipped; the trial goes on.".formatted(stage, key);
        });
    }

    private static boolean isDue(StageRun stage, Instant now) {
        return stage.status() == StageStatus.PENDING
                && stage.dueAt() != null
                && !stage.dueAt().isAfter(now);
    }

    private static Trial find(StoreReader tx, TrialKey key) {
        return tx.trial(key).orElseThrow(() -> new TrialNotFoundException(key));
    }

    private static StageRun find(StoreWriter tx, Trial trial, String stage) {
        return tx.stage(trial.id(), stage).orElseThrow(() -> {
            List<String> names =
                    tx.stages(trial.id()).stream().map(StageRun::name).toList();
            return new RefusedException("Trial %s has no stage '%s'; it has %s.".formatted(trial.key(), stage, names));
        });
    }

    private static StageRun stuck(StoreWriter tx, Trial trial) {
        return tx.stages(trial.id()).stream()
                .filter(stage -> !stage.status().letsTrialContinue())
                .findFirst()
                .orElseThrow(() -> new RefusedException(
                        "No stage of trial %s failed or waits; name the stage to run again.".formatted(trial.key())));
    }
}
