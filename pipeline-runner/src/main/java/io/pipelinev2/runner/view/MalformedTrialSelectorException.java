package io.pipelinev2.runner.view;

import io.pipelinev2.core.PipelineException;

/** What was given does not name a trial. */
public final class MalformedTrialSelectorException extends PipelineException {

    public MalformedTrialSelectorException(String text) {
        super("'" + text + "' does not name a trial: it must be a number such as 7, or STUDY/7. `trials` lists them.");
    }
}
