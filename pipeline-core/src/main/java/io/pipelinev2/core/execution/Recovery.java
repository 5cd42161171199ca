package io.pipelinev2.core.execution;

import io.pipelinev2.core.logging.CoreLogCode;
import io.pipelinev2.core.logging.TrialLog;
import io.pipelinev2.core.monitoring.Event;
import io.pipelinev2.core.monitoring.EventType;
import io.pipelinev2.core.stage.StageRun;
import io.pipelinev2.core.stage.StageStatus;
import io.pipelinev2.core.store.Attempt;
import io.pipelinev2.core.store.StoreReader;
import io.pipelinev2.core.store.StoreWriter;
import io.pipelinev2.core.trial.Trial;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sees to stages that nobody else would: of dead runners, of disabled stages, and of stages that are in no plan. */
final class Recovery {

    private static final Logger LOG = LoggerFactory.getLogger(Recovery.class);

    /** A trial whose runner died this often while working on it is suspected of being the cause. */
    private static final int MAX_CRASHES = 3;

    private static final int MAX_PASSED_OVER = 500;

    private final StagePlan plan;
    private final Itinerary itinerary;

    Recovery(StagePlan plan, Itinerary itinerary) {
        this.plan = plan;
        this.itinerary = itinerary;
    }

    /** Takes back claims that were judged, as long as they stand as they did then. */
    void takeBack(StoreWriter tx, Map<StageRun, LeaseWatch.Verdict> judged, Instant now) {
        for (StageRun stage : tx.running()) {
            LeaseWatch.Verdict verdict = judged.getOrDefault(stage, LeaseWatch.Verdict.HELD);
            if (verdict == LeaseWatch.Verdict.ABANDONED) {
                String error = "The runner died, or lost its lease, during attempt %d.".formatted(stage.attempts());
                takeBack(tx, stage, Attempt.Outcome.CRASHED, EventType.STAGE_CRASHED, error, now);
            } else if (verdict == LeaseWatch.Verdict.OVERDUE) {
                String error =
                        "Attempt %d was long overdue, and its runner did not give it up.".formatted(stage.attempts());
                takeBack(tx, stage, Attempt.Outcome.TIMED_OUT, EventType.STAGE_TIMED_OUT, error, now);
            }
        }
    }

    private static void takeBack(
            StoreWriter tx, StageRun stage, Attempt.Outcome how, EventType type, String error, Instant now) {
        tx.attempt(stage.id(), stage.token()).ifPresent(attempt -> tx.update(attempt.ended(how, now, error, null)));
        tx.append(Event.byEngine(now, type, stage.trialId(), stage.name(), error));
        StageRun crashed = stage.crashed(now, error);
        tx.update(stage, crashed);
        Trial trial = Itinerary.trial(tx, stage.trialId());
        if (crashed.crashes() >= MAX_CRASHES && !trial.parked()) {
            String why = ("parked: its runner died %d times during %s, so the trial itself may be the cause."
                            + " Look at its log, then unpark it.")
                    .formatted(crashed.crashes(), stage.name());
            tx.update(trial, trial.park(why, now));
            tx.append(Event.byEngine(now, EventType.TRIAL_PARKED, stage.trialId(), stage.name(), why));
        }
        try (TrialLog log = TrialLog.of(trial.key(), stage.name(), stage.attempts())) {
            LOG.warn(CoreLogCode.TAKEN_BACK, "Took back stage {}: {}", stage.name(), error);
        }
    }

    /** Lets trials go on that wait for a stage which was disabled after they had been queued. */
    void passOverDisabled(StoreWriter tx, Instant now) {
        String why = "disabled in the configuration";
        for (StageRun stage : tx.due(plan.disabled(), now, MAX_PASSED_OVER)) {
            StageRun passedOver = stage.repeats()
                    ? stage.kept(now, null, "passed before; not repeated: " + why)
                    : stage.ended(StageStatus.SKIPPED, now, null, why, stage.results());
            tx.update(stage, passedOver);
            tx.append(Event.byEngine(now, EventType.STAGE_SKIPPED, stage.trialId(), stage.name(), why));
            Itinerary.begin(tx, Itinerary.trial(tx, stage.trialId()), now);
            itinerary.goOn(tx, stage.trialId(), now);
        }
    }

    /** The stages that trials wait for and that no configuration of this runner knows. */
    Set<String> unknown(StoreReader tx) {
        List<String> known = plan.names();
        return tx.awaited().stream().filter(name -> !known.contains(name)).collect(Collectors.toSet());
    }

    /** Trials that wait for a stage that is in no plan, and are not yet said to. */
    List<Trial> stranded(StoreReader tx, Collection<String> unknown, Instant now) {
        List<Trial> stranded = new ArrayList<>();
        for (String name : unknown) {
            for (StageRun stage : tx.due(List.of(name), now, Integer.MAX_VALUE)) {
                Trial trial = Itinerary.trial(tx, stage.trialId());
                if (!strandedAt(name).equals(trial.heldReason())) {
                    stranded.add(trial);
                }
            }
        }
        return stranded;
    }

    /**
     * Says of trials that they wait for a stage that is in no plan. They go on by themselves once it is in one again, so
     * their stages stay due.
     */
    void holdStranded(StoreWriter tx, Instant now) {
        for (String name : unknown(tx)) {
            for (Trial trial : stranded(tx, List.of(name), now)) {
                String why = strandedAt(name);
                tx.update(trial, trial.held(why, now));
                tx.append(Event.byEngine(now, EventType.TRIAL_PARKED, trial.id(), name, why));
            }
        }
    }

    private String strandedAt(String name) {
        return "parked: its stage '%s' is not in the configuration, which has %s. Add it there, or skip it."
                .formatted(name, plan.names());
    }
}
