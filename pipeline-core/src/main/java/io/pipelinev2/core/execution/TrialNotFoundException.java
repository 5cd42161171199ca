package io.pipelinev2.core.execution;

import io.pipelinev2.core.RefusedException;
import io.pipelinev2.core.trial.TrialKey;

/** No such trial is known. */
public final class TrialNotFoundException extends RefusedException {

    public TrialNotFoundException(TrialKey key) {
        super("There is no trial " + key + ". `trials` lists those that are known; a new one appears after discovery.");
    }
}
