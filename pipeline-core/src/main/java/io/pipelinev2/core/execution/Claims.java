package io.pipelinev2.core.execution;

import io.pipelinev2.core.stage.StageHold;
import io.pipelinev2.core.stage.StageRun;
import io.pipelinev2.core.stage.StageRun.Lease;
import io.pipelinev2.core.stage.StageSettings;
import io.pipelinev2.core.stage.StageStatus;
import io.pipelinev2.core.store.Attempt;
import io.pipelinev2.core.store.StoreReader;
import io.pipelinev2.core.store.StoreWriter;
import io.pipelinev2.core.trial.Trial;
import io.pipelinev2.core.trial.TrialStatus;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/** Claims due stages, as far as they are not held and their limits leave room. */
final class Claims {

    private static final Comparator<StageRun> LONGEST_DUE = Comparator.<StageRun, Instant>comparing(
                    stage -> Objects.requireNonNull(stage.dueAt()))
            .thenComparing(StageRun::id);

    private final StagePlan plan;
    private final RunnerIdentity self;
    private final Duration lease;
    private final boolean limited;

    Claims(StagePlan plan, RunnerIdentity self, Duration lease) {
        this.plan = plan;
        this.self = self;
        this.lease = lease;
        this.limited =
                plan.executable().stream().anyMatch(name -> plan.settings(name).workers() > 0);
    }

    /** How many attempts of each stage may be begun now; a stage of which none may is left out. */
    Map<String, Integer> room(StoreReader tx, Instant now) {
        List<StageHold> holds = tx.holds();
        List<StageRun> running = limited || !holds.isEmpty() ? tx.running() : List.of();
        Map<String, Integer> room = new LinkedHashMap<>();
        for (String name : plan.executable()) {
            int left = room(name, holds, running, now);
            if (left > 0) {
                room.put(name, left);
            }
        }
        return room;
    }

    private int room(String name, List<StageHold> holds, List<StageRun> running, Instant now) {
        int busy = (int)
                running.stream().filter(stage -> stage.name().equals(name)).count();
        int limit = plan.settings(name).workers();
        int room = limit == 0 ? Integer.MAX_VALUE : limit - busy;
        for (StageHold hold : holds) {
            if (hold.stage().equals(name) || hold.stage().equals(StageHold.EVERY_STAGE)) {
                boolean mayProbe = hold.isProbeDue(now) && busy == 0;
                room = Math.min(room, mayProbe ? 1 : 0);
            }
        }
        return room;
    }

    /** Claims up to {@code free} stages, those first that have been due for longest. */
    List<Claim> claim(StoreWriter tx, int free, Instant now) {
        if (limited || !tx.holds().isEmpty()) {
            tx.lock("claims");
        }
        List<StageRun> due = new ArrayList<>();
        room(tx, now).forEach((name, room) -> due.addAll(tx.claimable(List.of(name), now, Math.min(free, room))));
        due.sort(LONGEST_DUE);
        List<Claim> claims = new ArrayList<>();
        for (StageRun stage : due.subList(0, Math.min(free, due.size()))) {
            claims.add(claim(tx, stage, now));
        }
        return claims;
    }

    /**
     * Claims this stage whether it is due or waiting for its next attempt, and whether or not it is held; nothing if it is
     * not pending in its turn, or its trial is parked.
     */
    Optional<Claim> claim(StoreWriter tx, long trialId, String name, Instant now) {
        return tx.stage(trialId, name)
                .filter(stage -> stage.status() == StageStatus.PENDING && stage.dueAt() != null)
                .filter(stage -> !Itinerary.trial(tx, trialId).parked())
                .map(stage -> claim(tx, stage, now));
    }

    /** The attempt is counted before its work starts, so that one which kills its runner is counted too. */
    private Claim claim(StoreWriter tx, StageRun stage, Instant now) {
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
        Trial before = Itinerary.trial(tx, stage.trialId());
        Trial trial = before.become(TrialStatus.PROCESSING, null, now);
        if (before.status() != TrialStatus.PROCESSING || before.heldReason() != null) {
            tx.update(before, trial);
        }
        return new Claim(trial, claimed, attempt);
    }

    private Lease leaseFrom(Instant now) {
        return new Lease(self.id(), self.host(), now.plus(lease));
    }

    /**
     * Extends the leases of these claims.
     *
     * @return those that have been taken away
     */
    List<Claim> renew(StoreWriter tx, Collection<Claim> claims, Instant now) {
        Lease renewed = leaseFrom(now);
        List<Claim> lost = new ArrayList<>();
        for (Claim claim : claims) {
            current(tx, claim).ifPresentOrElse(stage -> tx.update(stage, stage.leased(renewed)), () -> lost.add(claim));
        }
        return lost;
    }

    /** The stage if it still belongs to this claim. */
    static Optional<StageRun> current(StoreReader tx, Claim claim) {
        return tx.stage(claim.trial().id(), claim.stage().name()).filter(claim::holds);
    }
}
