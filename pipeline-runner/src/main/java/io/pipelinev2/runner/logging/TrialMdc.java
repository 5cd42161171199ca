package io.pipelinev2.runner.logging;

import java.util.List;

/** The keys by which the engine says what a thread is working on. */
final class TrialMdc {

    static final String STUDY = "study";
    static final String TRIAL = "trial";
    static final String STAGE = "stage";
    static final String ATTEMPT = "attempt";
    static final List<String> KEYS = List.of(STUDY, TRIAL, STAGE, ATTEMPT);

    private TrialMdc() {}
}
