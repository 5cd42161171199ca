package io.pipelinev2.runner.view;

import io.pipelinev2.core.PipelineException;
import io.pipelinev2.core.trial.TrialKey;
import java.util.List;
import java.util.stream.Collectors;

/** Only a number was given, and several studies have a trial of that number. */
public final class AmbiguousTrialException extends PipelineException {

    private final List<TrialKey> candidates;

    public AmbiguousTrialException(int number, List<TrialKey> candidates) {
        super("Trial " + number + " exists in " + candidates.size() + " studies. Give one of: "
                + candidates.stream().map(TrialKey::toString).collect(Collectors.joining(", ")) + ".");
        this.candidates = List.copyOf(candidates);
    }

    /** The trials of that number. */
    public List<TrialKey> candidates() {
        return candidates;
    }
}
