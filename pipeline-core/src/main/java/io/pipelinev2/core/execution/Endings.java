package io.pipelinev2.core.execution;

import io.pipelinev2.core.logging.CoreLogCode;
import io.pipelinev2.core.logging.TrialLog;
import io.pipelinev2.core.monitoring.Event;
import io.pipelinev2.core.monitoring.EventType;
import io.pipelinev2.core.monitoring.HealthReport;
import io.pipelinev2.core.monitoring.HealthStatus;
import io.pipelinev2.core.stage.StageHold;
import io.pipelinev2.core.stage.StageOutcome;
import io.pipelinev2.core.stage.StageRun;
import io.pipelinev2.core.stage.StageSettings;
import io.pipelinev2.core.stage.StageStatus;
import io.pipelinev2.core.store.Attempt;
import io.pipelinev2.core.store.StoreWriter;
import io.pipelinev2.core.trial.Trial;
import io.pipelinev2.core.trial.TrialStatus;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What the end of an attempt means: the stage, its trial, the attempt's history and the event log change together. */
final class Endings {

    private static final Logger LOG = LoggerFactory.getLogger(Endings.class);

    private final StagePlan plan;
    private final Itinerary itinerary;
    private final StageBreaker breaker;

    Endings(StagePlan plan, Itinerary itinerary, StageBreaker breaker) {
        this.plan = plan;
        this.itinerary = itinerary;
        this.breaker = breaker;
    }

    /** Writes down how an attempt ended if it still holds its claim; else records that it came too late. */
    void write(StoreWriter tx, Ending ending, Instant now) {
        Claim claim = ending.claim();
        Optional<StageRun> stage = Claims.current(tx, claim);
        if (stage.isPresent()) {
            ending.consequence().write(tx, stage.get(), now);
        } else {
            String message = ending.what()
                    + " of attempt %d came after the attempt had been taken back; not applied."
                            .formatted(claim.attempt().number());
            tx.append(event(now, EventType.LATE_RESULT, claim.stage(), message));
            try (TrialLog log = TrialLog.of(
                    claim.trial().key(), claim.stage().name(), claim.attempt().number())) {
                LOG.warn(
                        CoreLogCode.RESULT_LATE,
                        "{} {}: {}",
                        claim.trial().key(),
                        claim.stage().name(),
                        message);
            }
        }
    }

    /** A verdict. */
    Ending decided(Claim claim, StageOutcome outcome) {
        breaker.succeeded(claim.stage().name());
        return new Ending(claim, "The verdict '" + outcome.reason() + "'", (tx, stage, now) -> {
            tx.put(stage.trialId(), stage.name(), outcome.series());
            if (outcome instanceof StageOutcome.Passed passed) {
                tx.update(claim.attempt().ended(Attempt.Outcome.PASSED, now, null, null));
                tx.update(stage, stage.ended(StageStatus.PASSED, now, null, passed.reason(), passed.results()));
                tx.append(event(now, EventType.STAGE_PASSED, stage, passed.reason()));
                itinerary.goOn(tx, stage.trialId(), now);
            } else if (outcome instanceof StageOutcome.Skipped skipped) {
                tx.update(claim.attempt().ended(Attempt.Outcome.SKIPPED, now, skipped.reason(), null));
                tx.update(stage, stage.ended(StageStatus.SKIPPED, now, null, skipped.reason(), skipped.results()));
                tx.append(event(now, EventType.STAGE_SKIPPED, stage, skipped.reason()));
                itinerary.goOn(tx, stage.trialId(), now);
            } else if (outcome instanceof StageOutcome.Rejected rejected) {
                String why = rejected.reason();
                tx.update(claim.attempt().ended(Attempt.Outcome.REJECTED, now, why, null));
                tx.update(stage, stage.ended(StageStatus.FAILED, now, why, why, rejected.results()));
                tx.append(event(now, EventType.STAGE_REJECTED, stage, why));
                Itinerary.fail(tx, stage, stage.name() + ": " + why, now);
            }
            recovered(tx, stage, now);
        });
    }

    /**
     * The work could not be done this time.
     *
     * @param how {@code ERROR} or {@code TIMED_OUT}
     */
    Ending failed(Claim claim, Attempt.Outcome how, String error, @Nullable String stackTrace) {
        boolean trips = breaker.failed(claim.stage().name(), claim.trial().id());
        return failure(claim, how, error, stackTrace, (tx, stage, now) -> {
            StageSettings settings = plan.settings(stage.name());
            if (stage.failures() >= settings.maxAttempts()) {
                String why = "%d of %d attempts failed".formatted(stage.failures(), settings.maxAttempts());
                giveUp(tx, stage, error, why, "%s, the last with: %s".formatted(why, error), now);
            } else {
                Instant next = now.plus(settings.retryDelays().after(stage.failures()));
                String why = "attempt %d of %d failed, the next is due at %s"
                        .formatted(stage.failures(), settings.maxAttempts(), next);
                tx.update(stage, stage.again(next, error, why));
            }
            troubled(tx, stage, trips, error, now);
        });
    }

    /**
     * The work cannot be done, and trying again would not help.
     *
     * @param forAll whether the cause is not in the trial, so that it would be the same for others
     */
    Ending failedForGood(Claim claim, String error, @Nullable String stackTrace, boolean forAll) {
        boolean trips =
                forAll && breaker.failed(claim.stage().name(), claim.trial().id());
        return failure(claim, Attempt.Outcome.ERROR, error, stackTrace, (tx, stage, now) -> {
            giveUp(tx, stage, error, "not retried: " + error, error, now);
            if (forAll) {
                troubled(tx, stage, trips, error, now);
            }
        });
    }

    /** A trial that was validated before is not worse for the fact that it could not be validated again. */
    private void giveUp(StoreWriter tx, StageRun stage, String error, String why, String summary, Instant now) {
        if (stage.repeats()) {
            String stays = "passed before; its repetition could not be done: " + summary;
            tx.update(stage, stage.kept(now, error, stays));
            itinerary.goOn(tx, stage.trialId(), now);
        } else {
            tx.update(stage, stage.ended(StageStatus.FAILED, now, error, why, stage.results()));
            Itinerary.fail(tx, stage, stage.name() + ": " + summary, now);
        }
    }

    private static Ending failure(
            Claim claim,
            Attempt.Outcome how,
            String error,
            @Nullable String stackTrace,
            Ending.Consequence consequence) {
        return new Ending(claim, "The failure '" + error + "'", (tx, stage, now) -> {
            tx.update(claim.attempt().ended(how, now, error, stackTrace));
            boolean late = how == Attempt.Outcome.TIMED_OUT;
            tx.append(event(now, late ? EventType.STAGE_TIMED_OUT : EventType.STAGE_ERROR, stage, error));
            consequence.write(tx, stage, now);
        });
    }

    /** What the stage needs has not arrived: the trial waits, and no attempt is used up. */
    Ending notReady(Claim claim, String why, Instant retryAt) {
        return new Ending(claim, "The wait '" + why + "'", (tx, stage, now) -> {
            tx.delete(claim.attempt());
            StageRun waiting = stage.notReady(retryAt.isAfter(now) ? retryAt : now.plusSeconds(1), why);
            tx.update(stage, waiting);
            Trial trial = Itinerary.trial(tx, stage.trialId());
            boolean untouched = stage.position() == 0 && waiting.attempts() == 0 && !stage.repeats();
            TrialStatus status = untouched ? TrialStatus.PENDING : TrialStatus.PROCESSING;
            tx.update(trial, trial.become(status, trial.reason(), now).held(why, now));
        });
    }

    /** The runner is stopping: the attempt is given back, not counted against the trial, and due at once. */
    Ending givenBack(Claim claim) {
        return new Ending(claim, "An attempt given back", (tx, stage, now) -> {
            tx.update(claim.attempt().ended(Attempt.Outcome.CANCELLED, now, "the runner was stopped", null));
            tx.update(stage, stage.notReady(now, "given back by a runner that was stopped"));
        });
    }

    /** The claim has been taken away before the stage ended. */
    Ending late(Claim claim, String what) {
        return new Ending(claim, what, (tx, stage, now) -> {});
    }

    private void troubled(StoreWriter tx, StageRun stage, boolean trips, String error, Instant now) {
        Optional<StageHold> held = hold(tx, stage);
        if (held.isPresent() && held.get().kind() == StageHold.Kind.TRIPPED) {
            StageHold before = held.get();
            Instant startedAt = stage.startedAt();
            if (startedAt != null && before.probeAt() != null && !startedAt.isBefore(before.probeAt())) {
                tx.put(before.probed(now.plus(breaker.pause(before.probes() + 1))));
            }
        } else if (trips && held.isEmpty()) {
            String why = "it failed for one trial after another, the last time with: " + error;
            Instant probeAt = now.plus(breaker.pause(0));
            tx.put(StageHold.tripped(stage.name(), why, now, probeAt));
            String message = "Stage %s is held: %s".formatted(stage.name(), why);
            tx.append(Event.byEngine(now, EventType.STAGE_TRIPPED, null, stage.name(), message));
            tx.record(new HealthReport(stage.name(), HealthStatus.DEGRADED, message, now));
            LOG.warn(
                    CoreLogCode.STAGE_TRIPPED,
                    "{} One attempt is made at {} to see whether it goes again.",
                    message,
                    probeAt);
        }
    }

    private static void recovered(StoreWriter tx, StageRun stage, Instant now) {
        hold(tx, stage).filter(held -> held.kind() == StageHold.Kind.TRIPPED).ifPresent(held -> {
            tx.delete(held);
            String message = "Stage %s goes again.".formatted(stage.name());
            tx.append(Event.byEngine(now, EventType.STAGE_RECOVERED, null, stage.name(), message));
            tx.record(new HealthReport(stage.name(), HealthStatus.HEALTHY, message, now));
            LOG.info(message);
        });
    }

    private static Optional<StageHold> hold(StoreWriter tx, StageRun stage) {
        return tx.holds().stream()
                .filter(hold -> hold.stage().equals(stage.name()))
                .findFirst();
    }

    private static Event event(Instant now, EventType type, StageRun stage, String message) {
        return Event.byEngine(now, type, stage.trialId(), stage.name(), message);
    }
}
