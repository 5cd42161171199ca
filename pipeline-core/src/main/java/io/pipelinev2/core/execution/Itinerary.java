package io.pipelinev2.core.execution;

import io.pipelinev2.core.deployment.DesiredState;
import io.pipelinev2.core.monitoring.Event;
import io.pipelinev2.core.monitoring.EventType;
import io.pipelinev2.core.stage.StageRun;
import io.pipelinev2.core.stage.StageStatus;
import io.pipelinev2.core.store.StaleStateException;
import io.pipelinev2.core.store.StoreReader;
import io.pipelinev2.core.store.StoreWriter;
import io.pipelinev2.core.trial.Trial;
import io.pipelinev2.core.trial.TrialStatus;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The way of a trial through its stages. At every step it is brought in line with the plan, which may have changed since the
 * trial set out: a stage that was added is put in where nothing after it has begun, and stages in another order are gone
 * through in that order, as far as they have not been gone through yet.
 */
final class Itinerary {

    private final StagePlan plan;

    Itinerary(StagePlan plan) {
        this.plan = plan;
    }

    /** The next stage's turn has come, or the trial is through. */
    void goOn(StoreWriter tx, long trialId, Instant now) {
        follow(tx, trialId, aligned(tx, trialId), now);
    }

    /** Brings a trial that waits for a stage in line with the plan; what it waits for may be another stage then. */
    void align(StoreWriter tx, long trialId, Instant now) {
        boolean runs = tx.stages(trialId).stream().anyMatch(stage -> stage.status() == StageStatus.RUNNING);
        List<StageRun> stages = runs ? List.of() : aligned(tx, trialId);
        // one that runs is brought in line when it goes on
        if (!stages.isEmpty()) {
            follow(tx, trialId, stages, now);
        }
    }

    /** The same by the stages that the trial has, for those who know no plan. */
    static void goOnAsItIs(StoreWriter tx, long trialId, Instant now) {
        follow(tx, trialId, tx.stages(trialId), now);
    }

    private static void follow(StoreWriter tx, long trialId, List<StageRun> stages, Instant now) {
        StageRun current = null;
        for (StageRun stage : stages) {
            if (current == null && !stage.status().letsTrialContinue()) {
                current = stage;
                if (stage.status() == StageStatus.PENDING && stage.dueAt() == null) {
                    tx.update(stage, stage.due(now));
                }
            } else if (stage.status() == StageStatus.PENDING && stage.dueAt() != null) {
                tx.update(stage, stage.notYet());
            }
        }
        if (current == null) {
            Trial trial = begin(tx, trial(tx, trialId), now);
            if (isDeployed(tx, trialId)) {
                // it went on trading while a stage gave its verdict again
                tx.update(trial, trial.become(TrialStatus.DEPLOYED, reasonOfTheLast(stages), now));
            } else {
                tx.update(trial, trial.become(TrialStatus.COMPLETED, reasonOfTheLast(stages), now));
                tx.append(Event.byEngine(now, EventType.TRIAL_COMPLETED, trialId, null, "All stages passed."));
            }
        } else if (current.status() == StageStatus.FAILED) {
            // it failed before; only a stage ahead of it was retried
            fail(tx, current, current.name() + ": " + (current.reason() == null ? "failed" : current.reason()), now);
        }
    }

    /** Whether it is meant to trade, whatever its status. */
    static boolean isDeployed(StoreReader tx, long trialId) {
        return tx.deploymentOf(trialId)
                .filter(deployment -> deployment.desired() == DesiredState.RUNNING)
                .isPresent();
    }

    /** A trial that was ranked out, and then had an earlier stage retried, is still ranked out; so with one deployed. */
    private static String reasonOfTheLast(List<StageRun> stages) {
        StageRun last = stages.isEmpty() ? null : stages.get(stages.size() - 1);
        String reason = last == null ? null : last.reason();
        boolean decidedByRank = last != null && (last.status() == StageStatus.SKIPPED || last.attempts() == 0);
        return decidedByRank && reason != null ? reason : "all stages passed";
    }

    /** A trial that is pending still has now been begun; any other is as it is. */
    static Trial begin(StoreWriter tx, Trial trial, Instant now) {
        if (trial.status() != TrialStatus.PENDING) {
            return trial;
        }
        Trial begun = trial.become(TrialStatus.PROCESSING, null, now);
        tx.update(trial, begun);
        return begun;
    }

    /** The trial ends here. */
    static void fail(StoreWriter tx, StageRun stage, String why, Instant now) {
        Trial trial = trial(tx, stage.trialId());
        tx.update(trial, trial.become(TrialStatus.FAILED, why, now));
        tx.append(Event.byEngine(now, EventType.TRIAL_FAILED, trial.id(), stage.name(), why));
    }

    static Trial trial(StoreReader tx, long id) {
        return tx.trial(id).orElseThrow(() -> new StaleStateException("There is no trial " + id + " any more."));
    }

    private List<StageRun> aligned(StoreWriter tx, long trialId) {
        List<String> order = plan.names();
        List<StageRun> stages = inOrder(tx.stages(trialId), order);
        for (String name : plan.enabledNames()) {
            int at = placeOf(name, stages, order);
            if (at >= 0) {
                stages.add(
                        at,
                        tx.insert(StageRun.waiting(
                                trialId, name, at, plan.settings(name).maxAttempts(), null)));
            }
        }
        for (int i = 0; i < stages.size(); i++) {
            StageRun stage = stages.get(i);
            if (stage.position() != i) {
                tx.update(stage, stage.movedTo(i));
                stages.set(i, stage.movedTo(i));
            }
        }
        return stages;
    }

    /** Those that the plan knows in its order, in the places that they have together; the others where they are. */
    private static List<StageRun> inOrder(List<StageRun> stages, List<String> order) {
        List<StageRun> known = stages.stream()
                .filter(stage -> order.contains(stage.name()))
                .sorted(Comparator.comparingInt(stage -> order.indexOf(stage.name())))
                .toList();
        List<StageRun> all = new ArrayList<>(stages);
        int next = 0;
        for (int i = 0; i < all.size(); i++) {
            if (order.contains(all.get(i).name())) {
                all.set(i, known.get(next++));
            }
        }
        return all;
    }

    /** Where a stage is to be put in, or -1 if it is there already, or something after it has begun. */
    private static int placeOf(String name, List<StageRun> stages, List<String> order) {
        int place = stages.size();
        for (int i = stages.size() - 1; i >= 0; i--) {
            StageRun stage = stages.get(i);
            if (stage.name().equals(name)) {
                return -1;
            }
            if (order.indexOf(stage.name()) > order.indexOf(name)) {
                boolean begun = stage.status() != StageStatus.PENDING || stage.attempts() > 0;
                if (begun) {
                    return -1;
                }
                place = i;
            }
        }
        return place;
    }
}
