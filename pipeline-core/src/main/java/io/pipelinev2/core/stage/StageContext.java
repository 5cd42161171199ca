package io.pipelinev2.core.stage;

import io.pipelinev2.core.trial.Trial;
import io.pipelinev2.core.trial.TrialDetails;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a stage is given for one attempt on one trial. */
public interface StageContext {

    /**
     * The trial that the attempt is about, as it was when it was claimed.
     *
     * @return never null
     */
    Trial trial();

    /**
     * The trial's parameters and attributes, read from its source on first use.
     *
     * @throws io.pipelinev2.core.trial.TrialSourceException if the source cannot be read
     */
    TrialDetails details();

    /** The attempt's number, 1 for the first. */
    int attempt();

    /** The settings of this stage. */
    StageSettings settings();

    /**
     * The results of an earlier stage of this trial, empty if it has none. A stage that is to give its verdict again finds
     * those of its last one under its own name.
     */
    Map<String, @Nullable Object> resultsOf(String stage);

    /** Whether the attempt should end: its deadline has passed, or an operator or a shutdown cancelled it. */
    boolean isCancelled();

    /** When the attempt is given up. */
    Instant deadline();

    /** The wall time. */
    Instant now();
}
