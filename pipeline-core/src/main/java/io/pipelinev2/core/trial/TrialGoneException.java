package io.pipelinev2.core.trial;

/** A trial is no longer where it was discovered: its study was deleted, or deleted and made anew. */
public final class TrialGoneException extends TrialSourceException {

    /**
     * What to say of a trial that is gone.
     *
     * @param trial where it stood
     */
    public TrialGoneException(SourceTrial trial) {
        super(("Trial %d of study '%s' is no longer in the storage, or another trial stands in its place: the study was"
                        + " deleted, and perhaps made anew. What was recorded of it stays; it cannot be backtested.")
                .formatted(trial.number(), trial.study()));
    }
}
