package io.pipelinev2.deploy;

import io.pipelinev2.core.Clock;
import io.pipelinev2.core.deployment.Deployment;
import io.pipelinev2.core.monitoring.Event;
import io.pipelinev2.core.monitoring.EventType;
import io.pipelinev2.core.store.PipelineStore;
import io.pipelinev2.core.store.StaleStateException;
import io.pipelinev2.core.store.StoreReader;
import io.pipelinev2.core.store.StoreWriter;
import io.pipelinev2.core.trial.Trial;
import io.pipelinev2.deploy.ranking.Contest;
import io.pipelinev2.deploy.ranking.Decision;
import io.pipelinev2.deploy.ranking.Evidence;
import io.pipelinev2.deploy.ranking.Leaderboard;
import io.pipelinev2.deploy.ranking.Ruling;
import io.pipelinev2.deploy.ranking.Standings;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Decides which trials should trade, and writes the decisions down. Nothing is started or stopped here. */
final class Selection {

    private static final Logger LOG = LoggerFactory.getLogger(Selection.class);

    /** Without a sign of change everybody is looked at this often, for a minimum tenure that has run out. */
    private static final Duration LOOK_AGAIN = Duration.ofMinutes(1);

    /** While a batch is being validated, a look at everybody is followed by a break of this many times its length. */
    private static final int BREAK_PER_LOOK = 20;

    private static final Duration LONGEST_BREAK = Duration.ofSeconds(10);

    private final PipelineStore store;
    private final Clock clock;
    private final String stage;
    private final Contest contest;
    private @Nullable List<Slot> lastSeen;
    private long lastLook;
    private long breakNanos;

    private record Slot(long deployment, boolean wanted, boolean givenUp) {}

    Selection(PipelineStore store, Clock clock, String stage, Contest contest) {
        this.store = store;
        this.clock = clock;
        this.stage = stage;
        this.contest = contest;
    }

    /** @return whether nobody waits for a decision any more */
    boolean decide() {
        if (clock.nanoTime() - lastLook < breakNanos) {
            return false;
        }
        if (!store.read(this::hasChanged)) {
            return true;
        }
        long start = clock.nanoTime();
        List<Decision> decisions = store.read(this::decisions);
        if (decisions.stream().anyMatch(decision -> !(decision instanceof Decision.Wait))) {
            decisions = store.write(this::carryOut);
        }
        lastSeen = store.read(Selection::slots);
        lastLook = clock.nanoTime();
        boolean decided = decisions.stream().noneMatch(decision -> decision instanceof Decision.Wait);
        breakNanos = decided ? 0 : Math.min(BREAK_PER_LOOK * (lastLook - start), LONGEST_BREAK.toNanos());
        return decided;
    }

    private boolean hasChanged(StoreReader tx) {
        return !tx.due(List.of(stage), store.now(), 1).isEmpty()
                || !slots(tx).equals(lastSeen)
                || clock.nanoTime() - lastLook >= LOOK_AGAIN.toNanos();
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
        return new Leaderboard(contest, Standings.of(tx, stage, contest.rankBy(), now), now).decisions();
    }

    private List<Decision> carryOut(StoreWriter tx) {
        List<Decision> decisions = decisions(tx);
        for (Decision decision : decisions) {
            carryOut(tx, decision);
        }
        return decisions;
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
        LOG.info("Trial {}: {}", trial.key(), decision.reason());
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
