package io.pipelinev2.core.trial;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Trials that a program hands in itself: from another optimiser, or made up for a test.
 */
public final class InMemoryTrialSource implements TrialSource {

    private static final class Content {
        private final SourceStudy study;
        private final Map<Integer, TrialHeader> headers = new TreeMap<>();
        private final Map<Integer, TrialDetails> details = new TreeMap<>();
        private long pruned;

        Content(SourceStudy study) {
            this.study = study;
        }
    }

    private final Map<String, Content> studies = new LinkedHashMap<>();
    private long lastId;

    /** Without any trials. */
    public InMemoryTrialSource() {}

    /**
     * Adds a finished trial, and its study if this is the first of it. One of the same number is replaced.
     *
     * @param study the study's name
     * @param direction which values of its one objective are good; of no effect if the study is known
     * @param number the trial's number within the study, 0 or more
     * @param value the objective's value; NaN if it is undefined
     * @param parameters the suggested values by name, as {@link TrialDetails#parameters} has them
     * @return this source
     */
    public synchronized InMemoryTrialSource add(
            String study, Direction direction, int number, double value, Map<String, @Nullable Object> parameters) {
        Content content = studies.computeIfAbsent(
                study, name -> new Content(new SourceStudy(++lastId, name, List.of(direction))));
        SourceTrial trial = new SourceTrial(study, content.study.id(), ++lastId, number, null);
        List<@Nullable Double> values = new ArrayList<>();
        values.add(Double.isNaN(value) ? null : value);
        content.headers.put(number, new TrialHeader(trial, values));
        content.details.put(number, new TrialDetails(parameters, Map.of()));
        return this;
    }

    /**
     * Adds a finished trial without parameters to a study that looks for large values.
     *
     * @param study the study's name
     * @param number the trial's number within the study, 0 or more
     * @param value the objective's value; NaN if it is undefined
     * @return this source
     */
    public InMemoryTrialSource add(String study, int number, double value) {
        return add(study, Direction.MAXIMIZE, number, value, Map.of());
    }

    /**
     * Tells of trials of a study that were pruned; nothing more is known of them.
     *
     * @param study the name of a study that has a finished trial
     * @param count how many they are by now, in place of what was told before
     * @return this source
     * @throws IllegalArgumentException if there is no such study
     */
    public synchronized InMemoryTrialSource pruned(String study, long count) {
        Content content = studies.get(study);
        if (content == null) {
            throw new IllegalArgumentException("there is no study '" + study + "'; add a finished trial of it first");
        }
        content.pruned = count;
        return this;
    }

    @Override
    public String storage() {
        return "memory";
    }

    @Override
    public synchronized List<SourceStudy> studies() {
        return studies.values().stream().map(content -> content.study).toList();
    }

    @Override
    public synchronized List<TrialHeader> completeTrials(SourceStudy study) {
        Content content = studies.get(study.name());
        return content == null ? List.of() : List.copyOf(content.headers.values());
    }

    @Override
    public synchronized Optional<TrialCounts> counts(SourceStudy study) {
        return Optional.ofNullable(studies.get(study.name()))
                .map(content -> new TrialCounts(content.headers.size(), content.pruned));
    }

    @Override
    public synchronized TrialDetails details(SourceTrial trial) {
        Content content = studies.get(trial.study());
        TrialDetails details = content == null ? null : content.details.get(trial.number());
        if (details == null) {
            throw new TrialGoneException(trial);
        }
        return details;
    }
}
