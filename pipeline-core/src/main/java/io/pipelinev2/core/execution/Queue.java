package io.pipelinev2.core.execution;

import io.pipelinev2.core.stage.StageHold;
import io.pipelinev2.core.stage.StageRun;
import io.pipelinev2.core.store.PipelineStore;
import io.pipelinev2.core.store.StoreReader;
import io.pipelinev2.core.store.StoreWriter;
import io.pipelinev2.core.trial.Trial;
import io.pipelinev2.core.trial.TrialStatus;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The stages table as a queue. Each method is one transaction. */
final class Queue {

    /** The setting that holds how often the runners on a store were asked to drain. */
    static final String DRAINS = "drains";

    private static final int ALIGNED_AT_A_TIME = 200;

    private final PipelineStore store;
    private final StagePlan plan;
    private final Claims claims;
    private final Endings endings;
    private final Itinerary itinerary;
    private final Recovery recovery;
    private final LeaseWatch watch;

    Queue(PipelineStore store, StagePlan plan, RunnerSettings runner) {
        this.store = store;
        this.plan = plan;
        this.itinerary = new Itinerary(plan);
        this.claims = new Claims(plan, runner.self(), runner.lease());
        this.endings = new Endings(plan, itinerary, runner.breaker());
        this.recovery = new Recovery(plan, itinerary);
        this.watch = new LeaseWatch(runner.liveness(), runner.lease());
    }

    Endings endings() {
        return endings;
    }

    /** Writes down how attempts ended and, in the same transaction, claims up to {@code free} stages. */
    List<Claim> turn(Collection<Ending> ended, int free) {
        return store.writeAfresh(tx -> {
            Instant now = store.now();
            ended.forEach(ending -> endings.write(tx, ending, now));
            return free > 0 ? claims.claim(tx, free, now) : List.of();
        });
    }

    /** Claims this one stage by name; see {@link Claims}. */
    Optional<Claim> claim(Trial trial, String name) {
        return store.writeAfresh(tx -> claims.claim(tx, trial.id(), name, store.now()));
    }

    /** @return the claims that have been taken away */
    List<Claim> renew(Collection<Claim> held) {
        return held.isEmpty() ? List.of() : store.writeAfresh(tx -> claims.renew(tx, held, store.now()));
    }

    /**
     * What there is to do, by one read.
     *
     * @param claimable whether a stage can be claimed
     * @param judged what is to be thought of others' claims
     * @param disabled whether a trial waits for a disabled stage
     * @param stranded whether a trial waits for an unknown stage and is not yet said to
     * @param lost those of the own claims that have been taken away
     * @param next when there will be something to claim, or null if nothing is known of
     * @param waiting whether attempts will be made without anybody's help: of stages that are not held
     * @param drains how often the runners were asked to drain
     */
    record Look(
            boolean claimable,
            Map<StageRun, LeaseWatch.Verdict> judged,
            boolean disabled,
            boolean stranded,
            List<Claim> lost,
            @Nullable Instant next,
            boolean waiting,
            long drains) {

        boolean isRecoveryNeeded() {
            return disabled || stranded || judged.values().stream().anyMatch(v -> v != LeaseWatch.Verdict.HELD);
        }
    }

    /**
     * Looks what there is to do.
     *
     * @param held the own claims
     * @param nanos the monotonic time
     * @param forStranded whether to look for unknown stages, too
     */
    Look look(Collection<Claim> held, long nanos, boolean forStranded) {
        return store.read(tx -> {
            Instant now = store.now();
            List<StageRun> running = tx.running();
            Map<String, Integer> room = claims.room(tx, now);
            Optional<Instant> next = tx.nextDue(room.keySet());
            Predicate<StageRun> own = stage -> held.stream().anyMatch(claim -> claim.holds(stage));
            return new Look(
                    next.isPresent() && !next.get().isAfter(now),
                    watch.judge(running.stream().filter(own.negate()).toList(), now, nanos),
                    isDue(tx, plan.disabled(), now),
                    forStranded
                            && !recovery.stranded(tx, recovery.unknown(tx), now).isEmpty(),
                    held.stream()
                            .filter(claim -> running.stream().noneMatch(claim::holds))
                            .toList(),
                    earliest(next, tx.holds(), now),
                    !running.isEmpty()
                            || tx.nextDue(unheld(tx, now)).isPresent()
                            || tx.nextDue(plan.disabled()).isPresent(),
                    drains(tx));
        });
    }

    /** The executable stages that no hold keeps from going on. */
    private List<String> unheld(StoreReader tx, Instant now) {
        List<String> held = tx.holds().stream()
                .filter(hold -> !hold.isProbeDue(now))
                .map(StageHold::stage)
                .toList();
        return held.contains(StageHold.EVERY_STAGE)
                ? List.of()
                : plan.executable().stream()
                        .filter(name -> !held.contains(name))
                        .toList();
    }

    /** A probe that is due already is waited for no more: if there is something to try, it is among what is due. */
    private static @Nullable Instant earliest(Optional<Instant> due, List<StageHold> holds, Instant now) {
        Instant earliest = due.orElse(null);
        for (StageHold hold : holds) {
            Instant probe = hold.probeAt();
            if (probe != null && probe.isAfter(now) && (earliest == null || probe.isBefore(earliest))) {
                earliest = probe;
            }
        }
        return earliest;
    }

    private static boolean isDue(StoreReader tx, Collection<String> names, Instant now) {
        return !names.isEmpty() && !tx.due(names, now, 1).isEmpty();
    }

    /** Takes back what was judged abandoned, passes over disabled stages, and says of stranded trials that they are. */
    void recover(Look seen) {
        store.writeAfresh(tx -> {
            Instant now = store.now();
            recovery.takeBack(tx, seen.judged(), now);
            if (seen.disabled()) {
                recovery.passOverDisabled(tx, now);
            }
            if (seen.stranded()) {
                recovery.holdStranded(tx, now);
            }
            return null;
        });
    }

    /** Says of stranded trials that they are, if there are any. */
    void holdStranded() {
        boolean any = store.read(
                tx -> !recovery.stranded(tx, recovery.unknown(tx), store.now()).isEmpty());
        if (any) {
            store.writeAfresh(tx -> {
                recovery.holdStranded(tx, store.now());
                return null;
            });
        }
    }

    /** Lets it be seen at once whether the stages go again that were held because they kept failing. */
    void probeNow() {
        store.writeAfresh(tx -> {
            Instant now = store.now();
            tx.holds().stream()
                    .filter(hold -> hold.kind() == StageHold.Kind.TRIPPED)
                    .forEach(hold -> tx.put(hold.probedFrom(now)));
            return null;
        });
    }

    /** Brings the trials that are under way in line with the plan, if it is another one than the last that was used. */
    void align() {
        String own = plan.signature();
        if (store.read(tx -> tx.setting(StagePlan.SETTING)).filter(own::equals).isPresent()) {
            return;
        }
        Set<TrialStatus> underWay = Set.of(TrialStatus.PENDING, TrialStatus.PROCESSING);
        List<Trial> trials = store.read(tx -> tx.trialsIn(underWay));
        for (int i = 0; i < trials.size(); i += ALIGNED_AT_A_TIME) {
            List<Trial> some = trials.subList(i, Math.min(trials.size(), i + ALIGNED_AT_A_TIME));
            store.writeAfresh(tx -> align(tx, some, underWay));
        }
        store.writeAfresh(tx -> {
            tx.put(StagePlan.SETTING, own);
            return null;
        });
    }

    private @Nullable Void align(StoreWriter tx, List<Trial> trials, Set<TrialStatus> underWay) {
        Instant now = store.now();
        for (Trial trial : trials) {
            boolean still = tx.trial(trial.id())
                    .filter(found -> underWay.contains(found.status()))
                    .isPresent();
            if (still) {
                itinerary.align(tx, trial.id(), now);
            }
        }
        return null;
    }

    /** How often the runners on the store were asked to drain. */
    long drains() {
        return store.read(Queue::drains);
    }

    private static long drains(StoreReader tx) {
        return tx.setting(DRAINS).map(Long::parseLong).orElse(0L);
    }

    /** One drain more was asked for. */
    static void askToDrain(StoreWriter tx) {
        tx.put(DRAINS, Long.toString(drains(tx) + 1));
    }
}
