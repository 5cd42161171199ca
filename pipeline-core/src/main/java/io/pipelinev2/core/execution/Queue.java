package io.pipelinev2.core.execution;

import io.pipelinev2.core.monitoring.Event;
import io.pipelinev2.core.monitoring.EventType;
import io.pipelinev2.core.stage.Attempt;
import io.pipelinev2.core.stage.Lease;
import io.pipelinev2.core.stage.StageOutcome;
import io.pipelinev2.core.stage.StageRun;
import io.pipelinev2.core.stage.StageSettings;
import io.pipelinev2.core.stage.StageStatus;
import io.pipelinev2.core.store.PipelineStore;
import io.pipelinev2.core.store.StaleStateException;
import io.pipelinev2.core.store.StoreReader;
import io.pipelinev2.core.store.StoreWriter;
import io.pipelinev2.core.trial.Trial;
import io.pipelinev2.core.trial.TrialStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The stages table as a queue: claims, ends and takes back attempts. Each method is one transaction that moves the stage,
 * its trial, the attempt's history and the event log together.
 */
final class Queue {

    private static final Logger LOG = LoggerFactory.getLogger(Queue.class);

    /** A trial whose runner died this often while working on it is suspected of being the cause. */
    private static final int MAX_CRASHES = 3;

    private static final int MAX_PASSED_OVER = 500;

    private final PipelineStore store;
    private final StagePlan plan;
    private final RunnerIdentity self;
    private final Duration lease;

    Queue(PipelineStore store, StagePlan plan, RunnerIdentity self, Duration lease) {
        this.store = store;
        this.plan = plan;
        this.self = self;
        this.lease = lease;
    }

    /** Claims up to {@code limit} due stages, counting their attempts before their work starts. */
    List<Claim> claim(int limit) {
        Collection<String> names = plan.executable();
        // an idle poll only reads
        if (store.read(tx -> tx.due(names, store.now(), 1)).isEmpty()) {
            return List.of();
        }
        return store.write(tx -> {
            List<Claim> claims = new ArrayList<>();
            for (StageRun stage : tx.due(names, store.now(), limit)) {
                claims.add(claim(tx, stage));
            }
            return claims;
        });
    }

    /** Claims this stage whether it is due or waiting for its next attempt; nothing if it is not pending in its turn. */
    Optional<Claim> claim(Trial trial, String name) {
        return store.write(tx -> tx.stage(trial.id(), name)
                .filter(stage -> stage.status() == StageStatus.PENDING && stage.dueAt() != null)
                .map(stage -> claim(tx, stage)));
    }

    private Claim claim(StoreWriter tx, StageRun stage) {
        Instant now = store.now();
        StageSettings settings = plan.settings(stage.name());
        StageRun claimed = stage.claimed(leaseFrom(now), now, now.plus(settings.timeout()), settings.maxAttempts());
        tx.update(stage, claimed);
        Attempt attempt = tx.insert(new Attempt(
                0,
                stage.id(),
                stage.trialId(),
                stage.name(),
                claimed.attempts(),
                claimed.token(),
                self.id(),
                self.host(),
                now,
                null,
                Attempt.Outcome.RUNNING,
                null,
                null));
        Trial before = trialOf(tx, stage);
        Trial trial = before.become(TrialStatus.PROCESSING, null, now);
        if (before.status() != TrialStatus.PROCESSING || before.heldReason() != null) {
            tx.update(before, trial);
        }
        return new Claim(trial, claimed, attempt);
    }

    private Lease leaseFrom(Instant now) {
        return new Lease(self.id(), self.host(), now.plus(lease));
    }

    /** Extends the leases of these claims; one that was taken away is left alone. */
    void renew(Collection<Claim> claims) {
        if (claims.isEmpty()) {
            return;
        }
        store.write(tx -> {
            Lease renewed = leaseFrom(store.now());
            for (Claim claim : claims) {
                current(tx, claim).ifPresent(stage -> tx.update(stage, stage.leased(renewed)));
            }
            return null;
        });
    }

    /** The stage if it still belongs to this claim. */
    private static Optional<StageRun> current(StoreReader tx, Claim claim) {
        return tx.stage(claim.trial().id(), claim.stage().name())
                .filter(stage -> stage.status() == StageStatus.RUNNING
                        && stage.token() == claim.stage().token());
    }

    /** Applies a verdict. */
    void decided(Claim claim, StageOutcome outcome) {
        ifCurrent(claim, "The verdict '" + outcome.reason() + "'", (tx, stage, now) -> {
            if (outcome instanceof StageOutcome.Passed passed) {
                tx.update(claim.attempt().ended(Attempt.Outcome.PASSED, now, null, null));
                tx.update(stage, stage.ended(StageStatus.PASSED, now, null, passed.reason(), passed.results()));
                tx.append(event(now, EventType.STAGE_PASSED, stage, passed.reason()));
                advance(tx, stage, now);
            } else if (outcome instanceof StageOutcome.Skipped skipped) {
                tx.update(claim.attempt().ended(Attempt.Outcome.SKIPPED, now, skipped.reason(), null));
                tx.update(stage, stage.ended(StageStatus.SKIPPED, now, null, skipped.reason(), skipped.results()));
                tx.append(event(now, EventType.STAGE_SKIPPED, stage, skipped.reason()));
                advance(tx, stage, now);
            } else if (outcome instanceof StageOutcome.Rejected rejected) {
                String reason = rejected.reason();
                tx.update(claim.attempt().ended(Attempt.Outcome.REJECTED, now, reason, null));
                tx.update(stage, stage.ended(StageStatus.FAILED, now, reason, reason, rejected.results()));
                tx.append(event(now, EventType.STAGE_REJECTED, stage, reason));
                fail(tx, stage, stage.name() + ": " + reason, now);
            }
        });
    }

    /** The work could not be done: it is tried again, unless that is pointless or the attempts are used up. */
    void failed(Claim claim, Attempt.Outcome how, String error, @Nullable String stackTrace, boolean permanent) {
        ifCurrent(claim, "The error '" + error + "'", (tx, stage, now) -> {
            tx.update(claim.attempt().ended(how, now, error, stackTrace));
            EventType type = how == Attempt.Outcome.TIMED_OUT ? EventType.STAGE_TIMED_OUT : EventType.STAGE_ERROR;
            tx.append(event(now, type, stage, error));
            StageSettings settings = plan.settings(stage.name());
            if (permanent) {
                tx.update(stage, stage.ended(StageStatus.FAILED, now, error, "not retried: " + error, stage.results()));
                fail(tx, stage, stage.name() + ": " + error, now);
            } else if (stage.failures() >= settings.maxAttempts()) {
                String why = "%d of %d attempts failed".formatted(stage.failures(), settings.maxAttempts());
                tx.update(stage, stage.ended(StageStatus.FAILED, now, error, why, stage.results()));
                fail(tx, stage, "%s: %s, the last with: %s".formatted(stage.name(), why, error), now);
            } else {
                Instant next = now.plus(settings.retryDelays().after(stage.failures()));
                String why = "attempt %d of %d failed, the next is due at %s"
                        .formatted(stage.failures(), settings.maxAttempts(), next);
                tx.update(stage, stage.again(next, error, why));
            }
        });
    }

    /** What the stage needs has not arrived: the trial waits, and no attempt is used up. */
    void notReady(Claim claim, String why, Instant retryAt) {
        ifCurrent(claim, "The wait '" + why + "'", (tx, stage, now) -> {
            tx.delete(claim.attempt());
            StageRun waiting = stage.notReady(retryAt.isAfter(now) ? retryAt : now.plusSeconds(1), why);
            tx.update(stage, waiting);
            Trial trial = trialOf(tx, stage);
            boolean untouched = stage.position() == 0 && waiting.attempts() == 0;
            TrialStatus status = untouched ? TrialStatus.PENDING : TrialStatus.PROCESSING;
            tx.update(trial, trial.become(status, trial.reason(), now).held(why, now));
        });
    }

    /** The runner is stopping: the attempt is given back, not counted against the trial, and due at once. */
    void givenBack(Claim claim) {
        ifCurrent(claim, "An attempt given back", (tx, stage, now) -> {
            tx.update(claim.attempt().ended(Attempt.Outcome.CANCELLED, now, "the runner was stopped", null));
            tx.update(stage, stage.notReady(now, "given back by a runner that was stopped"));
        });
    }

    /**
     * Takes back what dead runners were working on.
     *
     * @param inHand what this runner itself is working on, whatever the clocks say of its leases
     */
    void recover(RunnerLiveness liveness, Predicate<StageRun> inHand) {
        Predicate<StageRun> abandoned = stage -> !inHand.test(stage) && isAbandoned(stage, liveness);
        if (store.read(StoreReader::running).stream().noneMatch(abandoned)) {
            return;
        }
        store.write(tx -> {
            tx.running().stream().filter(abandoned).forEach(stage -> takeBack(tx, stage));
            return null;
        });
    }

    private boolean isAbandoned(StageRun stage, RunnerLiveness liveness) {
        Lease held = stage.lease();
        return held == null || liveness.isDead(held) || !held.until().isAfter(store.now());
    }

    /** Lets trials go on that wait for a stage which was disabled after they had been queued. */
    void passOverDisabled() {
        Collection<String> disabled = plan.disabled();
        if (disabled.isEmpty()
                || store.read(tx -> tx.due(disabled, store.now(), 1)).isEmpty()) {
            return;
        }
        store.write(tx -> {
            Instant now = store.now();
            String why = "disabled in the configuration";
            for (StageRun stage : tx.due(disabled, now, MAX_PASSED_OVER)) {
                StageRun skipped = stage.ended(StageStatus.SKIPPED, now, null, why, stage.results());
                tx.update(stage, skipped);
                tx.append(event(now, EventType.STAGE_SKIPPED, stage, why));
                Trial trial = trialOf(tx, stage);
                if (trial.status() == TrialStatus.PENDING) {
                    tx.update(trial, trial.become(TrialStatus.PROCESSING, null, now));
                }
                advance(tx, skipped, now);
            }
            return null;
        });
    }

    private void takeBack(StoreWriter tx, StageRun stage) {
        Instant now = store.now();
        String error = "The runner died, or lost its lease, during attempt %d.".formatted(stage.attempts());
        tx.attempt(stage.id(), stage.token())
                .ifPresent(attempt -> tx.update(attempt.ended(Attempt.Outcome.CRASHED, now, error, null)));
        tx.append(event(now, EventType.STAGE_CRASHED, stage, error));
        boolean poison = stage.crashes() + 1 >= MAX_CRASHES;
        tx.update(stage, stage.crashed(poison ? null : now, error));
        if (poison) {
            String why =
                    ("parked: its runner died %d times during %s, so the trial itself may be the cause. Look at its"
                                    + " log, then retry it.")
                            .formatted(MAX_CRASHES, stage.name());
            Trial trial = trialOf(tx, stage);
            tx.update(trial, trial.held(why, now));
            tx.append(event(now, EventType.TRIAL_PARKED, stage, why));
        }
        try (TrialLog log = TrialLog.of(trialOf(tx, stage).key(), stage.name(), stage.attempts())) {
            LOG.warn("Took back stage {}: {}", stage.name(), error);
        }
    }

    /** The next stage's turn has come, or the trial is through. */
    static void advance(StoreWriter tx, StageRun done, Instant now) {
        Optional<StageRun> next = tx.stages(done.trialId()).stream()
                .filter(stage -> stage.position() > done.position() && stage.status() == StageStatus.PENDING)
                .findFirst();
        if (next.isPresent()) {
            tx.update(next.get(), next.get().due(now));
            return;
        }
        Trial trial = trialOf(tx, done);
        tx.update(trial, trial.become(TrialStatus.COMPLETED, "all stages passed", now));
        tx.append(Event.byEngine(now, EventType.TRIAL_COMPLETED, trial.id(), null, "All stages passed."));
    }

    static void fail(StoreWriter tx, StageRun stage, String why, Instant now) {
        Trial trial = trialOf(tx, stage);
        tx.update(trial, trial.become(TrialStatus.FAILED, why, now));
        tx.append(Event.byEngine(now, EventType.TRIAL_FAILED, trial.id(), stage.name(), why));
    }

    static Trial trialOf(StoreReader tx, StageRun stage) {
        return tx.trial(stage.trialId())
                .orElseThrow(() -> new StaleStateException("There is no trial " + stage.trialId() + " any more."));
    }

    private static Event event(Instant now, EventType type, StageRun stage, String message) {
        return Event.byEngine(now, type, stage.trialId(), stage.name(), message);
    }

    @FunctionalInterface
    private interface Ending {
        void write(StoreWriter tx, StageRun stage, Instant now);
    }

    /** Writes the end of an attempt if it still holds its claim; else records that it came too late. */
    private void ifCurrent(Claim claim, String what, Ending ending) {
        store.write(tx -> {
            Instant now = store.now();
            Optional<StageRun> stage = current(tx, claim);
            if (stage.isPresent()) {
                ending.write(tx, stage.get(), now);
            } else {
                String message = what
                        + " of attempt %d came after the attempt had been taken back; not applied."
                                .formatted(claim.attempt().number());
                tx.append(event(now, EventType.LATE_RESULT, claim.stage(), message));
                LOG.warn("{} {}: {}", claim.trial().key(), claim.stage().name(), message);
            }
            return null;
        });
    }
}
