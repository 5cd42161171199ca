package io.pipelinev2.deploy;

import io.pipelinev2.core.Clock;
import io.pipelinev2.core.deployment.Deployment;
import io.pipelinev2.core.deployment.Preference;
import io.pipelinev2.core.logging.TrialLog;
import io.pipelinev2.core.monitoring.Event;
import io.pipelinev2.core.monitoring.EventType;
import io.pipelinev2.core.stage.StageHold;
import io.pipelinev2.core.stage.StageStatus;
import io.pipelinev2.core.store.PipelineStore;
import io.pipelinev2.core.store.StaleStateException;
import io.pipelinev2.core.store.StoreReader;
import io.pipelinev2.core.store.StoreWriter;
import io.pipelinev2.core.trial.Trial;
import io.pipelinev2.core.trial.TrialStatus;
import io.pipelinev2.deploy.ranking.Contest;
import io.pipelinev2.deploy.ranking.Decision;
import io.pipelinev2.deploy.ranking.Evidence;
import io.pipelinev2.deploy.ranking.Leaderboard;
import io.pipelinev2.deploy.ranking.Ruling;
import io.pipelinev2.deploy.ranking.Standings;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Decides which trials should trade, and writes the decisions down. Nothing is started or stopped here. */
final class Selection {

    private static final Logger LOG = LoggerFactory.getLogger(Selection.class);

    /** Without a sign of change everybody is looked at this often, for a minimum tenure that has run out. */
    private static final Duration LOOK_AGAIN = Duration.ofMinutes(1);

    /** While trials are being validated, a look at everybody is followed by a break of this many times its length. */
    private static final int BREAK_PER_LOOK = 20;

    private static final Duration HOUR = Duration.ofHours(1);

    private static final Duration LONGEST_BREAK = Duration.ofSeconds(10);

    private final PipelineStore store;
    private final Clock clock;
    private final String stage;
    private final Contest contest;
    private final int maxPerHour;
    private final Set<String> required;
    private Set<Long> awaitedReview = Set.of();
    private @Nullable Seen lastSeen;
    private long lastMeasured;
    private long lastLook;
    private long pauseNanos;
    private boolean undecided;
    private boolean postponed;

    private record Slot(long deployment, boolean wanted, boolean givenUp) {}

    /** What decisions rest on beside results. */
    private record Seen(List<Slot> slots, Map<Long, Preference> preferences) {}

    /**
     * @param maxPerHour how many deployments may be begun within any hour; 0 for any number
     * @param required the findings without which nobody is deployed by rank
     */
    Selection(PipelineStore store, Clock clock, String stage, Contest contest, int maxPerHour, Set<String> required) {
        this.required = Set.copyOf(required);
        this.maxPerHour = maxPerHour;
        this.store = store;
        this.clock = clock;
        this.stage = stage;
        this.contest = contest;
    }

    /** Something that decisions rest on has changed: everybody is looked at with the next one. */
    void lookAgain() {
        lastSeen = null;
    }

    /** @return whether nobody waits for a decision any more that could be made now */
    boolean decide() {
        boolean pauses = clock.nanoTime() - lastLook < pauseNanos;
        if (undecided && pauses) {
            return postponed;
        }
        if (store.read(this::isPaused)) {
            return true;
        }
        long measured = store.read(StoreReader::latestSeries);
        if (!store.read(this::hasChanged)) {
            if (measured == lastMeasured) {
                return true;
            }
            // nobody waits, so that ranking anew by these results may wait, too
            if (pauses) {
                return false;
            }
        }
        postponed = false;
        long start = clock.nanoTime();
        List<Decision> decisions = store.read(this::decisions);
        if (!decisions.stream().allMatch(Selection::waits)) {
            decisions = store.write(this::carryOut);
        }
        awaitedReview = decisions.stream()
                .filter(decision -> decision instanceof Decision.AwaitReview)
                .map(Decision::trialId)
                .collect(Collectors.toUnmodifiableSet());
        lastSeen = store.read(Selection::seen);
        lastMeasured = measured;
        lastLook = clock.nanoTime();
        pauseNanos = Math.min(BREAK_PER_LOOK * (lastLook - start), LONGEST_BREAK.toNanos());
        boolean decided = decisions.stream().noneMatch(Selection::waits);
        undecided = !decided || postponed;
        return decided;
    }

    private static boolean waits(Decision decision) {
        return decision instanceof Decision.Wait || decision instanceof Decision.AwaitReview;
    }

    /**
     * Ends what is deployed of trials that failed when their validation was repeated. Nobody is chosen by that, so it is done
     * whether or not there is choosing at present.
     */
    void retireDisqualified() {
        if (!store.read(Selection::disqualified).isEmpty()) {
            store.write(this::retireDisqualified);
        }
    }

    private @Nullable Void retireDisqualified(StoreWriter tx) {
        for (Trial trial : disqualified(tx)) {
            String reason = "its validation was repeated, and it failed: " + trial.reason();
            carryOut(tx, new Decision.Retire(trial.id(), reason));
        }
        return null;
    }

    private static List<Trial> disqualified(StoreReader tx) {
        return tx.deployments().stream()
                .filter(DeployStage::isActive)
                .flatMap(deployment -> tx.trial(deployment.trialId()).stream())
                .filter(trial -> trial.status() == TrialStatus.FAILED)
                .toList();
    }

    private boolean isPaused(StoreReader tx) {
        return tx.holds().stream()
                .anyMatch(hold -> hold.stage().equals(stage) || hold.stage().equals(StageHold.EVERY_STAGE));
    }

    private boolean hasChanged(StoreReader tx) {
        return !tx.due(List.of(stage), store.now(), 1).isEmpty()
                || !seen(tx).equals(lastSeen)
                || clock.nanoTime() - lastLook >= LOOK_AGAIN.toNanos();
    }

    private static Seen seen(StoreReader tx) {
        return new Seen(slots(tx), tx.preferences());
    }

    private static List<Slot> slots(StoreReader tx) {
        return tx.deployments().stream()
                .map(deployment -> new Slot(
                        deployment.id(),
                        DeployStage.isActive(deployment),
                        deployment.health().givenUp()))
                .toList();
    }

    private List<Decision> decisions(StoreReader tx) {
        Instant now = store.now();
        return new Leaderboard(contest, Standings.of(tx, stage, contest.rankBy(), required, awaitedReview, now), now)
                .decisions();
    }

    private List<Decision> carryOut(StoreWriter tx) {
        List<Decision> decisions = decisions(tx);
        int left = mayBegin(tx);
        postponed = decisions.stream().filter(Selection::begins).count() > left;
        for (Decision decision : decisions) {
            if (begins(decision) && left-- <= 0) {
                postpone(tx, decision);
            } else if (!(postponed && decision instanceof Decision.RankOut)) {
                // nobody is ranked out in favour of one that is not deployed yet
                carryOut(tx, decision);
            }
        }
        return decisions;
    }

    private static boolean begins(Decision decision) {
        return decision instanceof Decision.Deploy || decision instanceof Decision.Replace;
    }

    private int mayBegin(StoreReader tx) {
        if (maxPerHour == 0) {
            return Integer.MAX_VALUE;
        }
        Instant hourAgo = store.now().minus(HOUR);
        long begun = tx.deployments().stream()
                .filter(deployment -> begunAt(tx, deployment).isAfter(hourAgo))
                .count();
        return (int) Math.max(0, maxPerHour - begun);
    }

    /** One that was taken up again was made long before: when its trial got its slot stands in the stage. */
    private Instant begunAt(StoreReader tx, Deployment deployment) {
        return Optional.of(deployment)
                .filter(DeployStage::isActive)
                .flatMap(active -> tx.stage(active.trialId(), stage))
                .flatMap(row -> Optional.ofNullable(row.completedAt()))
                .filter(given -> given.isAfter(deployment.createdAt()))
                .orElse(deployment.createdAt());
    }

    private void postpone(StoreWriter tx, Decision decision) {
        String why = "waits: stages.deploy.max_per_hour allows %d to be begun within an hour".formatted(maxPerHour);
        tx.stage(decision.trialId(), stage)
                .filter(row -> row.status() == StageStatus.PENDING && !why.equals(row.reason()))
                .ifPresent(row -> {
                    Instant due = row.dueAt();
                    if (due == null) {
                        return;
                    }
                    tx.update(row, row.again(due, row.errorMessage(), why));
                    Trial trial = trial(tx, decision.trialId());
                    try (TrialLog log = TrialLog.of(trial.key(), stage)) {
                        LOG.info("Trial {} {}", trial.key(), why);
                    }
                });
    }

    private void carryOut(StoreWriter tx, Decision decision) {
        Instant now = store.now();
        Slots slots = new Slots(tx, stage, now);
        Trial trial = trial(tx, decision.trialId());
        if (decision instanceof Decision.Deploy deploy) {
            Ruling ruling = new Ruling(Ruling.Kind.DEPLOYED, tx.latestBatch(), deploy.fillsSlotOf());
            give(tx, slots, trial, deploy.reason(), null, ruling, now);
        } else if (decision instanceof Decision.Replace replace) {
            Trial outgoing = trial(tx, replace.outgoing());
            Ruling inherited = slots.rulingOf(outgoing).then(Ruling.Kind.DEPLOYED, tx.latestBatch());
            Optional<Deployment> ended = slots.take(outgoing, replace.outgoingReason(), Ruling.Kind.REPLACED);
            tx.append(Event.byDeployer(now, EventType.DEPLOYMENT_REPLACED, outgoing.id(), replace.outgoingReason()));
            give(tx, slots, trial, replace.reason(), ended.map(Deployment::id).orElse(null), inherited, now);
        } else if (decision instanceof Decision.Retire retire) {
            slots.take(trial, retire.reason(), Ruling.Kind.RETIRED);
            tx.append(Event.byDeployer(now, EventType.TRIAL_RANKED_OUT, trial.id(), retire.reason()));
        } else if (decision instanceof Decision.RankOut out) {
            slots.refuse(trial, out.reason(), out.kind());
            tx.append(Event.byDeployer(now, EventType.TRIAL_RANKED_OUT, trial.id(), out.reason()));
        } else {
            return;
        }
        try (TrialLog log = TrialLog.of(trial.key(), stage)) {
            LOG.info("Trial {}: {}", trial.key(), decision.reason());
        }
    }

    private static void give(
            StoreWriter tx,
            Slots slots,
            Trial trial,
            String reason,
            @Nullable Long replaces,
            Ruling ruling,
            Instant now) {
        String model = Evidence.of(tx.stages(trial.id())).modelSha256();
        if (model == null) {
            throw new StaleStateException("Trial " + trial.key() + " has lost its evidence meanwhile.");
        }
        slots.give(trial, model, reason, replaces, ruling);
        tx.append(Event.byDeployer(now, EventType.TRIAL_DEPLOYED, trial.id(), reason));
    }

    private static Trial trial(StoreReader tx, long id) {
        return tx.trial(id).orElseThrow(() -> new StaleStateException("There is no trial " + id + " any more."));
    }
}
