package io.pipelinev2.core.execution;

import io.pipelinev2.core.RefusedException;
import io.pipelinev2.core.monitoring.Event;
import io.pipelinev2.core.monitoring.EventType;
import io.pipelinev2.core.monitoring.Operator;
import io.pipelinev2.core.stage.StageHold;
import io.pipelinev2.core.stage.StageRun;
import io.pipelinev2.core.stage.StageStatus;
import io.pipelinev2.core.store.Attempt;
import io.pipelinev2.core.store.PipelineStore;
import io.pipelinev2.core.store.StoreReader;
import io.pipelinev2.core.store.StoreWriter;
import io.pipelinev2.core.trial.Trial;
import io.pipelinev2.core.trial.TrialKey;
import io.pipelinev2.core.trial.TrialStatus;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What an operator may do to trials and stages. Everything is written to the store, so it works from any process, whether a
 * daemon is up or not; a runner that is up acts on it within a second. Everything leaves an event that says who did it, from
 * where and why. Doing something twice changes nothing the second time.
 *
 * <p>Reasons are in words and may be empty where that is not forbidden. Every method returns what was done, in words.
 */
public final class Operations {

    private final PipelineStore store;

    public Operations(PipelineStore store) {
        this.store = store;
    }

    /**
     * Makes a failed, skipped, passed or waiting stage due again, with all its attempts. What is parked is unparked.
     *
     * @param stage the stage, or null for the one that failed or waits
     * @param from whether the stages after it lose their results and are gone through again, too; else those that have
     *     ended stay as they are
     * @throws TrialNotFoundException if there is no such trial
     * @throws RefusedException if the trial has no such stage, a stage is running, or the trial is meant to trade
     */
    public String retry(TrialKey key, @Nullable String stage, boolean from, String reason, Operator by) {
        return store.writeAfresh(tx -> {
            Trial trial = find(tx, key);
            requireNotTrading(tx, trial);
            StageRun target = stage == null ? stuck(tx, trial) : find(tx, trial, stage);
            List<StageRun> stages = tx.stages(trial.id());
            requireTurn(key, target, stages);
            Instant now = store.now();
            boolean asNew = isDue(target, now) && target.attempts() == 0 && trial.heldReason() == null;
            if (asNew && !(from && hasBegunAfter(target, stages))) {
                return "Stage %s of trial %s is due already.".formatted(target.name(), key);
            }
            for (StageRun run : stages) {
                if (run.id() == target.id()) {
                    tx.update(run, run.reset(now, run.maxAttempts()));
                } else if (run.position() > target.position() && (from || run.status() == StageStatus.PENDING)) {
                    tx.update(run, run.reset(null, run.maxAttempts()));
                }
            }
            Trial unparked = unparked(tx, trial, now);
            if (unparked.status() != TrialStatus.PENDING) {
                tx.update(unparked, unparked.become(TrialStatus.PROCESSING, null, now));
            }
            String also = from ? ", and all after it" : failedAfter(target, stages);
            String done = "Stage %s is due again%s".formatted(target.name(), also);
            tx.append(Event.byOperator(
                    now, EventType.OPERATOR_RETRY, trial.id(), target.name(), by, because(done, reason)));
            return "Stage %s of trial %s is due again%s.".formatted(target.name(), key, also);
        });
    }

    /**
     * Makes a stage that passed give its verdict again, on what it stands on by now. A deployed trial goes on trading
     * meanwhile; a completed one stays as it was ranked. If the verdict is against it this time, the trial fails, and what
     * is deployed of it is ended; if it cannot be given, the earlier one stays.
     *
     * @throws TrialNotFoundException if there is no such trial
     * @throws RefusedException if the trial is neither deployed nor completed, or that stage of it has not passed, or by no
     *     attempt
     */
    public String revalidate(TrialKey key, String stage, String reason, Operator by) {
        return store.writeAfresh(tx -> {
            Trial trial = find(tx, key);
            StageRun run = find(tx, trial, stage);
            if (run.repeats()) {
                return "Stage %s of trial %s is being repeated already.".formatted(stage, key);
            }
            if (trial.status() != TrialStatus.DEPLOYED && trial.status() != TrialStatus.COMPLETED) {
                throw new RefusedException(
                        "Trial %s is %s. Only what is deployed or completed is validated again; use retry %s %s."
                                .formatted(key, trial.status().label(), key, stage));
            }
            if (run.token() == 0) {
                throw new RefusedException("Stage %s of trial %s was decided without an attempt and cannot be repeated."
                        .formatted(stage, key));
            }
            if (run.status() != StageStatus.PASSED || run.results() == null) {
                throw new RefusedException("Stage %s of trial %s is %s, so there is no verdict to repeat."
                        .formatted(stage, key, run.status().label()));
            }
            Instant now = store.now();
            String why = because("repeated for " + by.name(), reason);
            tx.update(run, run.repeated(now, run.maxAttempts(), why));
            tx.update(trial, trial.become(TrialStatus.PROCESSING, trial.reason(), now));
            tx.append(Event.byOperator(now, EventType.OPERATOR_REVALIDATE, trial.id(), stage, by, why));
            return "Stage %s of trial %s gives its verdict again.".formatted(stage, key);
        });
    }

    private static boolean hasBegunAfter(StageRun target, List<StageRun> stages) {
        return stages.stream()
                .filter(run -> run.position() > target.position())
                .anyMatch(run -> run.status() != StageStatus.PENDING || run.attempts() > 0);
    }

    private static String failedAfter(StageRun target, List<StageRun> stages) {
        return stages.stream()
                .filter(run -> run.position() > target.position() && run.status() == StageStatus.FAILED)
                .findFirst()
                .map(run -> "; %s after it has failed and stays so, unless --from is given".formatted(run.name()))
                .orElse("");
    }

    private static void requireTurn(TrialKey key, StageRun target, List<StageRun> stages) {
        for (StageRun run : stages) {
            if (run.status() == StageStatus.RUNNING) {
                throw new RefusedException("Stage %s of trial %s is running. Wait for its end, or cancel the trial."
                        .formatted(run.name(), key));
            }
            if (run.position() < target.position() && !run.status().letsTrialContinue()) {
                throw new RefusedException("Stage %s of trial %s comes before %s and is %s. Retry that one first."
                        .formatted(run.name(), key, target.name(), run.status().label()));
            }
        }
    }

    /**
     * Leaves a stage of a trial out: the trial goes on as if it had passed. What is parked is unparked. Of a stage that
     * repeats its verdict the repetition alone is left out.
     *
     * @throws TrialNotFoundException if there is no such trial
     * @throws RefusedException if the trial has no such stage, it is not its turn, it is running or has passed, it has failed
     *     and the trial is meant to trade, or there is no reason
     */
    public String skip(TrialKey key, String stage, String reason, Operator by) {
        requireReason("Skipping a stage", reason);
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
            if (run.status() == StageStatus.FAILED) {
                requireNotTrading(tx, trial);
            }
            Instant now = store.now();
            String why = "skipped by %s: %s".formatted(by.name(), reason);
            boolean repeats = run.repeats();
            tx.update(
                    run,
                    repeats
                            ? run.kept(now, null, notRepeated(why))
                            : run.ended(StageStatus.SKIPPED, now, null, why, run.results()));
            Trial unparked = unparked(tx, trial, now);
            if (unparked.status() != TrialStatus.PROCESSING || unparked.heldReason() != null) {
                tx.update(unparked, unparked.become(TrialStatus.PROCESSING, null, now));
            }
            tx.append(Event.byOperator(now, EventType.OPERATOR_SKIP, trial.id(), stage, by, reason));
            Itinerary.goOnAsItIs(tx, trial.id(), now);
            return repeats
                    ? "Stage %s of trial %s is not repeated; it passed before.".formatted(stage, key)
                    : "Stage %s of trial %s is skipped; the trial goes on.".formatted(stage, key);
        });
    }

    /**
     * Nothing more is begun on a trial until it is unparked; an attempt that runs goes on to its end.
     *
     * @throws TrialNotFoundException if there is no such trial
     * @throws RefusedException if the trial is decided already, or there is no reason
     */
    public String park(TrialKey key, String reason, Operator by) {
        requireReason("Parking a trial", reason);
        return store.writeAfresh(tx -> {
            Trial trial = find(tx, key);
            if (trial.parked()) {
                return "Trial %s is parked already: %s".formatted(key, trial.heldReason());
            }
            requireUndecided(trial, "parked");
            Instant now = store.now();
            String why = because("parked by " + by.name(), reason);
            tx.update(trial, trial.park(why, now));
            tx.append(Event.byOperator(now, EventType.OPERATOR_PARK, trial.id(), null, by, why));
            return "Trial %s is parked. `unpark %s` lets it go on.".formatted(key, key);
        });
    }

    /**
     * A parked trial goes on where it was; crashes of its runners are not held against it any more.
     *
     * @throws TrialNotFoundException if there is no such trial
     */
    public String unpark(TrialKey key, String reason, Operator by) {
        return store.writeAfresh(tx -> {
            Trial trial = find(tx, key);
            if (!trial.parked()) {
                return trial.heldReason() == null
                        ? "Trial %s is not parked.".formatted(key)
                        : "Trial %s is not parked by anybody. It waits: %s".formatted(key, trial.heldReason());
            }
            Instant now = store.now();
            unparked(tx, trial, now);
            for (StageRun run : tx.stages(trial.id())) {
                if (run.status() == StageStatus.PENDING && run.crashes() > 0) {
                    tx.update(run, run.forgiven());
                }
            }
            String why = because("unparked by " + by.name(), reason);
            tx.append(Event.byOperator(now, EventType.OPERATOR_UNPARK, trial.id(), null, by, why));
            return "Trial %s goes on.".formatted(key);
        });
    }

    /**
     * A trial ends here, as failed. An attempt that runs is told to end, and nothing of it is applied. Of a trial with a
     * stage that repeats its verdict the repetition alone ends, and the trial is what it was before.
     *
     * @throws TrialNotFoundException if there is no such trial
     * @throws RefusedException if the trial is deployed or completed, or there is no reason
     */
    public String cancel(TrialKey key, String reason, Operator by) {
        requireReason("Cancelling a trial", reason);
        return store.writeAfresh(tx -> {
            Trial trial = find(tx, key);
            if (trial.status() == TrialStatus.FAILED) {
                return "Trial %s has failed already: %s".formatted(key, trial.reason());
            }
            if (trial.status() == TrialStatus.DEPLOYED) {
                throw new RefusedException("Trial %s is deployed. Stop it instead: stop %s.".formatted(key, key));
            }
            requireUndecided(trial, "cancelled");
            Instant now = store.now();
            String why = "cancelled by %s: %s".formatted(by.name(), reason);
            Optional<StageRun> current = current(tx, trial);
            current.flatMap(run -> tx.attempt(run.id(), run.token()))
                    .filter(attempt -> attempt.outcome() == Attempt.Outcome.RUNNING)
                    .ifPresent(attempt -> tx.update(attempt.ended(Attempt.Outcome.CANCELLED, now, why, null)));
            tx.append(Event.byOperator(now, EventType.OPERATOR_CANCEL, trial.id(), null, by, why));
            Optional<StageRun> repeating = current.filter(StageRun::repeats);
            if (repeating.isPresent()) {
                StageRun run = repeating.get();
                tx.update(run, run.kept(now, null, notRepeated(why)));
                unparked(tx, trial, now);
                Itinerary.goOnAsItIs(tx, trial.id(), now);
                return "Stage %s of trial %s is not repeated; it passed before.".formatted(run.name(), key);
            }
            current.ifPresent(run -> tx.update(run, run.ended(StageStatus.FAILED, now, why, why, run.results())));
            tx.update(trial, trial.become(TrialStatus.FAILED, why, now));
            return "Trial %s is cancelled.".formatted(key);
        });
    }

    /**
     * No attempt of a stage is begun until it is unpaused; those that run go on to their end. A paused deploy stage chooses
     * nobody, and what is deployed already is looked after.
     *
     * @param stage the stage, or null for all of them
     */
    public String pause(@Nullable String stage, String reason, Operator by) {
        return store.writeAfresh(tx -> {
            Optional<StageHold> held = hold(tx, stage);
            if (held.isPresent() && held.get().kind() == StageHold.Kind.PAUSED) {
                return "%s paused already, %s."
                        .formatted(inWords(stage), held.get().reason());
            }
            Instant now = store.now();
            String why = because("paused by " + by.name(), reason);
            tx.put(StageHold.paused(stage == null ? StageHold.EVERY_STAGE : stage, why, by.name(), by.origin(), now));
            tx.append(Event.byOperator(now, EventType.OPERATOR_PAUSE, null, stage, by, why));
            return "%s paused: nothing more is begun of %s. `unpause%s` ends it."
                    .formatted(inWords(stage), stage == null ? "them" : "it", stage == null ? "" : " " + stage);
        });
    }

    /**
     * Attempts of a stage are begun again, also of one that the engine held because it kept failing.
     *
     * @param stage the stage, or null for all of them; one that is paused by its name stays so
     */
    public String unpause(@Nullable String stage, String reason, Operator by) {
        return store.writeAfresh(tx -> {
            Optional<StageHold> held = hold(tx, stage);
            if (held.isEmpty()) {
                return (stage == null ? "There is no pause of all stages" : inWords(stage) + " not paused")
                        + held(tx.holds());
            }
            Instant now = store.now();
            String why = because("unpaused by " + by.name(), reason);
            tx.delete(held.get());
            tx.append(Event.byOperator(now, EventType.OPERATOR_UNPAUSE, null, stage, by, why));
            return "%s going again.".formatted(inWords(stage));
        });
    }

    /**
     * Every runner on this store claims nothing more, finishes what it has begun, and ends. One that is started afterwards
     * works as usual.
     */
    public String drain(String reason, Operator by) {
        return store.writeAfresh(tx -> {
            String why = because("drained by " + by.name(), reason);
            Queue.askToDrain(tx);
            tx.append(Event.byOperator(store.now(), EventType.OPERATOR_DRAIN, null, null, by, why));
            return "Whatever runs here was asked to finish what it has begun, and to end.";
        });
    }

    private static Optional<StageHold> hold(StoreReader tx, @Nullable String stage) {
        String name = stage == null ? StageHold.EVERY_STAGE : stage;
        return tx.holds().stream().filter(hold -> hold.stage().equals(name)).findFirst();
    }

    private static String held(List<StageHold> holds) {
        if (holds.isEmpty()) {
            return ".";
        }
        return holds.stream()
                .map(hold -> hold.stage().equals(StageHold.EVERY_STAGE)
                        ? "all stages together (`unpause`)"
                        : "%s (`unpause %s`)".formatted(hold.stage(), hold.stage()))
                .collect(Collectors.joining(", ", "; held are ", "."));
    }

    private static String inWords(@Nullable String stage) {
        return stage == null ? "All stages are" : "Stage " + stage + " is";
    }

    private static Trial unparked(StoreWriter tx, Trial trial, Instant now) {
        if (trial.heldReason() == null) {
            return trial;
        }
        Trial unparked = trial.unpark(now);
        tx.update(trial, unparked);
        return unparked;
    }

    private static String notRepeated(String why) {
        return "passed before; its repetition was " + why;
    }

    private static void requireNotTrading(StoreReader tx, Trial trial) {
        if (Itinerary.isDeployed(tx, trial.id())) {
            throw new RefusedException(
                    "Trial %s is deployed. Stop it first: stop %s.".formatted(trial.key(), trial.key()));
        }
    }

    private static void requireReason(String what, String reason) {
        if (reason.isBlank()) {
            throw new RefusedException(what + " needs a reason in words.");
        }
    }

    private static void requireUndecided(Trial trial, String done) {
        if (trial.status().isDecided()) {
            throw new RefusedException("Trial %s is %s, so there is nothing to be %s."
                    .formatted(trial.key(), trial.status().label(), done));
        }
    }

    private static String because(String what, String reason) {
        return reason.isBlank() ? what : what + ": " + reason;
    }

    private static boolean isDue(StageRun stage, Instant now) {
        return stage.status() == StageStatus.PENDING
                && stage.dueAt() != null
                && !stage.dueAt().isAfter(now);
    }

    private static Trial find(StoreReader tx, TrialKey key) {
        return tx.trial(key).orElseThrow(() -> new TrialNotFoundException(key));
    }

    private static StageRun find(StoreReader tx, Trial trial, String stage) {
        return tx.stage(trial.id(), stage).orElseThrow(() -> {
            List<String> names =
                    tx.stages(trial.id()).stream().map(StageRun::name).toList();
            return new RefusedException("Trial %s has no stage '%s'; it has %s.".formatted(trial.key(), stage, names));
        });
    }

    /** The one that runs, if one does: the order may have been changed under it. */
    private static Optional<StageRun> current(StoreReader tx, Trial trial) {
        List<StageRun> open = tx.stages(trial.id()).stream()
                .filter(stage -> !stage.status().letsTrialContinue())
                .toList();
        return open.stream()
                .filter(stage -> stage.status() == StageStatus.RUNNING)
                .findFirst()
                .or(() -> open.stream().findFirst());
    }

    private static StageRun stuck(StoreReader tx, Trial trial) {
        return current(tx, trial)
                .orElseThrow(() -> new RefusedException(
                        "No stage of trial %s failed or waits; name the stage to run again.".formatted(trial.key())));
    }
}
