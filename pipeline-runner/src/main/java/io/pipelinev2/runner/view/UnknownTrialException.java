package io.pipelinev2.runner.view;

import io.pipelinev2.core.PipelineException;

/** No trial of that name is known. */
public final class UnknownTrialException extends PipelineException {

    private final String trial;

    public UnknownTrialException(String trial) {
        super("There is no trial " + trial
                + ". `trials` lists those that are known; a new one appears after the next discovery.");
        this.trial = trial;
    }

    /** @param remark what was probably meant, as a sentence */
    UnknownTrialException(String trial, String remark) {
        super("There is no trial " + trial + ". " + remark);
        this.trial = trial;
    }

    /** The trial as it was named. */
    public String trial() {
        return trial;
    }
}
