package io.pipelinev2.core.stage;

import io.pipelinev2.core.trial.Trial;
import io.pipelinev2.core.trial.TrialDetails;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a stage is given for one attempt on one trial. */
public interface StageContext {

    /**
     * {@return the trial that the attempt is about, as it was when it was claimed}
     */
    Trial trial();

    /**
     * {@return the trial's parameters and attributes, read from its source on first use}
     *
     * @throws io.pipelinev2.core.trial.TrialGoneException if the trial is no longer there
     * @throws io.pipelinev2.core.trial.TrialSourceException if the source cannot be read
     */
    TrialDetails details();

    /** {@return the attempt's number, 1 for the first} */
    int attempt();

    /** {@return the settings of this stage, as they were when it was claimed} */
    StageSettings settings();

    /**
     * {@return the results of an earlier stage of this trial, unmodifiable; empty if it has none, or there is no such stage}
     *
     * @param stage its name; a stage that is to give its verdict again finds those of its last one under its own
     */
    Map<String, @Nullable Object> resultsOf(String stage);

    /** {@return whether the attempt should end: its deadline has passed, or an operator or a shutdown cancelled it} */
    boolean isCancelled();

    /** {@return when the attempt is given up, by the clock of {@link #now}} */
    Instant deadline();

    /** {@return the wall time by the pipeline's clock, which a test moves} */
    Instant now();
}
