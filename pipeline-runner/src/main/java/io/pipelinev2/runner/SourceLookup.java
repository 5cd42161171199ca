package io.pipelinev2.runner;

import io.pipelinev2.backtest.overfit.StudyCounts;
import io.pipelinev2.core.Clock;
import io.pipelinev2.core.trial.SourceStudy;
import io.pipelinev2.core.trial.Trial;
import io.pipelinev2.core.trial.TrialCounts;
import io.pipelinev2.core.trial.TrialDetails;
import io.pipelinev2.core.trial.TrialHeader;
import io.pipelinev2.core.trial.TrialKey;
import io.pipelinev2.core.trial.TrialSource;
import io.pipelinev2.core.trial.TrialStatus;
import io.pipelinev2.runner.view.AmbiguousTrialException;
import io.pipelinev2.runner.view.TrialSelector;
import io.pipelinev2.runner.view.UnknownTrialException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * Finds finished trials in their source itself, for commands that look and leave no trace in the state. It shows them as they
 * were at the first look: a source may have to run a command for each.
 */
public final class SourceLookup {

    private final TrialSource source;
    private @Nullable List<SourceStudy> studies;

    public SourceLookup(TrialSource source) {
        this.source = source;
    }

    private synchronized List<SourceStudy> studies() {
        List<SourceStudy> seen = studies;
        if (seen == null) {
            seen = source.studies();
            studies = seen;
        }
        return seen;
    }

    /**
     * The one trial that is meant, as discovery would queue it.
     *
     * @throws UnknownTrialException if no followed study has a COMPLETE trial of that name
     * @throws AmbiguousTrialException if only a number was given and several studies have it
     */
    public Trial find(TrialSelector selector) {
        List<Trial> found = new ArrayList<>();
        for (SourceStudy study : studies()) {
            if (selector.study() == null || selector.study().equals(study.name())) {
                source.completeTrials(study).stream()
                        .filter(header -> header.source().number() == selector.number())
                        .forEach(header -> found.add(trial(study, header)));
            }
        }
        if (found.isEmpty()) {
            throw new UnknownTrialException(selector.toString());
        }
        if (found.size() > 1) {
            throw new AmbiguousTrialException(
                    selector.number(), found.stream().map(Trial::key).toList());
        }
        return found.get(0);
    }

    /** The followed studies, each with its finished trials. */
    public Map<SourceStudy, List<TrialHeader>> finished() {
        Map<SourceStudy, List<TrialHeader>> finished = new LinkedHashMap<>();
        studies().forEach(study -> finished.put(study, source.completeTrials(study)));
        return finished;
    }

    /** Another followed study's COMPLETE trial of the same number, if there is one. */
    public Optional<TrialKey> rivalOf(Trial trial) {
        return studies().stream()
                .filter(study -> !study.name().equals(trial.source().study()))
                .filter(study -> source.completeTrials(study).stream()
                        .anyMatch(header ->
                                header.source().number() == trial.key().number()))
                .map(study -> new TrialKey(study.name(), trial.key().number()))
                .findFirst();
    }

    /** How many trials all followed studies have. */
    public StudyCounts counts() {
        long complete = 0;
        long pruned = 0;
        for (SourceStudy study : studies()) {
            TrialCounts counts = source.counts(study)
                    .orElseGet(
                            () -> new TrialCounts(source.completeTrials(study).size(), 0));
            complete += counts.complete();
            pruned += counts.pruned();
        }
        return new StudyCounts(complete, pruned);
    }

    private TrialCounts counts(SourceStudy study) {
        return source.counts(study)
                .orElseGet(() -> new TrialCounts(source.completeTrials(study).size(), 0));
    }

    /** How many trials of a trial's study are complete. */
    public OptionalLong completeTrials(Trial trial) {
        return studies().stream()
                .filter(study -> study.name().equals(trial.source().study()))
                .mapToLong(study -> counts(study).complete())
                .findFirst();
    }

    public TrialDetails details(Trial trial) {
        return source.details(trial.source());
    }

    private static Trial trial(SourceStudy study, TrialHeader header) {
        Instant now = Clock.system().now();
        return new Trial(
                0,
                0,
                new TrialKey(study.name(), header.source().number()),
                header.source(),
                header.values(),
                study.directions(),
                TrialStatus.PENDING,
                null,
                false,
                null,
                0,
                now,
                now);
    }
}
