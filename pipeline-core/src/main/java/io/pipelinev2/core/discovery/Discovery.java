package io.pipelinev2.core.discovery;

import io.pipelinev2.core.execution.StagePlan;
import io.pipelinev2.core.logging.CoreLogCode;
import io.pipelinev2.core.monitoring.Event;
import io.pipelinev2.core.monitoring.EventType;
import io.pipelinev2.core.monitoring.internal.Monitor;
import io.pipelinev2.core.stage.StageRun;
import io.pipelinev2.core.store.PipelineStore;
import io.pipelinev2.core.store.StoreReader;
import io.pipelinev2.core.store.StoreWriter;
import io.pipelinev2.core.store.Study;
import io.pipelinev2.core.trial.SourceStudy;
import io.pipelinev2.core.trial.Trial;
import io.pipelinev2.core.trial.TrialCounts;
import io.pipelinev2.core.trial.TrialHeader;
import io.pipelinev2.core.trial.TrialKey;
import io.pipelinev2.core.trial.TrialSource;
import io.pipelinev2.core.trial.TrialStatus;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Scans the trial source, finds what is new, queues it. Trials finish in any order and clocks are off, so what is new is
 * found by comparing with what is recorded, never by asking for what came after some mark.
 */
public final class Discovery {

    private static final Logger LOG = LoggerFactory.getLogger(Discovery.class);

    /** Such a trial is brought in line with the plan once there is something in it. */
    private static final String NOTHING_TO_DO = "waits: no stage is enabled in the configuration";

    private final TrialSource source;
    private final PipelineStore store;
    private final StagePlan plan;

    public Discovery(TrialSource source, PipelineStore store, StagePlan plan) {
        this.source = source;
        this.store = store;
        this.plan = plan;
    }

    /**
     * One pass. All trials that it finds new are queued together, as one batch, or none is.
     *
     * @return the new trials, in the order of their studies and numbers
     * @throws io.pipelinev2.core.trial.TrialSourceException if the source cannot be read; nothing was queued
     */
    public List<TrialKey> scan() {
        // everything is read from the source before the store is locked: neither ever waits for the other
        Map<SourceStudy, List<TrialHeader>> found = new LinkedHashMap<>();
        Map<SourceStudy, Optional<TrialCounts>> counts = new LinkedHashMap<>();
        for (SourceStudy study : source.studies()) {
            found.put(study, source.completeTrials(study));
            counts.put(study, source.counts(study));
        }
        // seldom is anything new, and finding that out takes long in a large study: it is no reason to keep writers
        // waiting
        if (store.read(
                tx -> found.entrySet().stream().noneMatch(study -> isNews(tx, study.getKey(), study.getValue())))) {
            store.write(tx -> {
                counts.forEach((study, count) -> record(tx, study, count));
                tx.put(Monitor.LAST_CHECK, store.now().toString());
                return null;
            });
            return List.of();
        }
        List<TrialKey> queued = store.write(tx -> {
            Instant now = store.now();
            long batch = tx.latestBatch() + 1;
            if (batch == 1) {
                // there is nothing yet that is not in line with it
                tx.put(StagePlan.SETTING, plan.signature());
            }
            List<TrialKey> fresh = new ArrayList<>();
            found.forEach((study, headers) -> fresh.addAll(queue(tx, study, headers, batch, now)));
            counts.forEach((study, count) -> record(tx, study, count));
            tx.put(Monitor.LAST_CHECK, now.toString());
            return fresh;
        });
        if (!queued.isEmpty()) {
            LOG.info("Discovered {} finished trials in {}.", queued.size(), source.storage());
        }
        return queued;
    }

    private boolean isNews(StoreReader tx, SourceStudy seen, List<TrialHeader> headers) {
        Optional<Study> recorded = tx.study(source.storage(), seen.name());
        if (recorded.isEmpty()) {
            return !headers.isEmpty();
        }
        Map<Integer, Trial> known = byNumber(tx, recorded.get());
        return !headers.isEmpty() && isReborn(recorded.get(), seen, known, headers)
                || headers.stream()
                        .anyMatch(header -> !known.containsKey(header.source().number()));
    }

    /** Trials that were pruned are never queued, but they count where it is asked what luck may have done. */
    private void record(StoreWriter tx, SourceStudy seen, Optional<TrialCounts> counts) {
        tx.study(source.storage(), seen.name())
                .filter(study -> !Objects.equals(study.counts(), counts.orElse(null)))
                .ifPresent(study -> tx.update(study, counts.orElse(null)));
    }

    private static Map<Integer, Trial> byNumber(StoreReader tx, Study study) {
        Map<Integer, Trial> known = new HashMap<>();
        tx.trialsOf(study.id()).forEach(trial -> known.put(trial.key().number(), trial));
        return known;
    }

    private List<TrialKey> queue(StoreWriter tx, SourceStudy seen, List<TrialHeader> headers, long batch, Instant now) {
        if (headers.isEmpty()) {
            return List.of();
        }
        Optional<Study> recorded = tx.study(source.storage(), seen.name());
        Map<Integer, Trial> known = new HashMap<>();
        Study study;
        if (recorded.isEmpty()) {
            study = tx.insert(new Study(
                    0, source.storage(), seen.name(), freeLabel(tx, seen.name()), seen.id(), 1, seen.directions()));
        } else {
            study = recorded.get();
            known.putAll(byNumber(tx, study));
            if (isReborn(study, seen, known, headers)) {
                study = rebirth(tx, study, seen, now);
                known.clear();
            }
        }
        List<TrialKey> fresh = new ArrayList<>();
        for (TrialHeader header : headers) {
            if (!known.containsKey(header.source().number())) {
                fresh.add(queue(tx, study, header, batch, now));
            }
        }
        return fresh;
    }

    /** Another storage may hold a study of the same name; the later one is addressed by a longer label. */
    private static String freeLabel(StoreWriter tx, String name) {
        List<String> taken = tx.studies().stream().map(Study::label).toList();
        String label = name;
        for (int i = 2; taken.contains(label); i++) {
            label = name + "#" + i;
        }
        return label;
    }

    private static boolean isReborn(
            Study study, SourceStudy seen, Map<Integer, Trial> known, List<TrialHeader> headers) {
        if (study.sourceId() != seen.id()) {
            return true;
        }
        for (TrialHeader header : headers) {
            Trial trial = known.get(header.source().number());
            if (trial != null
                    && !Objects.equals(
                            trial.source().startedAt(), header.source().startedAt())) {
                return true;
            }
        }
        return false;
    }

    private static Study rebirth(StoreWriter tx, Study old, SourceStudy seen, Instant now) {
        tx.relabel(old, old.name() + "@" + old.incarnation());
        Study born = tx.insert(old.reborn(seen.id(), seen.directions()));
        String message = "Study '%s' was deleted and made anew; its earlier trials are kept as '%s@%d'."
                .formatted(old.name(), old.name(), old.incarnation());
        tx.append(Event.byEngine(now, EventType.STUDY_REBORN, null, null, message));
        LOG.warn(CoreLogCode.STUDY_REBORN, message);
        return born;
    }

    private TrialKey queue(StoreWriter tx, Study study, TrialHeader header, long batch, Instant now) {
        TrialKey key = new TrialKey(study.label(), header.source().number());
        Trial trial = tx.insert(new Trial(
                0,
                study.id(),
                key,
                header.source(),
                header.values(),
                study.directions(),
                TrialStatus.PENDING,
                plan.enabledNames().isEmpty() ? NOTHING_TO_DO : null,
                false,
                null,
                batch,
                now,
                now));
        int position = 0;
        for (String stage : plan.enabledNames()) {
            tx.insert(StageRun.waiting(
                    trial.id(), stage, position, plan.settings(stage).maxAttempts(), position == 0 ? now : null));
            position++;
        }
        tx.append(Event.byEngine(
                now, EventType.TRIAL_DISCOVERED, trial.id(), null, "Found in " + source.storage() + "."));
        return key;
    }
}
