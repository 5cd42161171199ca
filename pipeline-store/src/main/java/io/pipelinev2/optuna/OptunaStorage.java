package io.pipelinev2.optuna;

import io.pipelinev2.core.trial.SourceStudy;
import io.pipelinev2.core.trial.SourceTrial;
import io.pipelinev2.core.trial.TrialCounts;
import io.pipelinev2.core.trial.TrialHeader;
import java.util.List;
import java.util.Optional;

/** What each kind of storage must be able to answer. Nothing stays open between two questions. */
interface OptunaStorage {

    /** All studies, in order of their ids. */
    List<SourceStudy> studies();

    /** The COMPLETE trials of a study by number; none if it is no longer there under this id and name. */
    List<TrialHeader> completeTrials(SourceStudy study);

    /** How many trials of a study were tried; none if it is no longer there under this id and name. */
    TrialCounts counts(SourceStudy study);

    /** What is recorded of a COMPLETE trial, or empty if exactly this one is no longer there. */
    Optional<TrialRows> trial(SourceTrial trial);
}
