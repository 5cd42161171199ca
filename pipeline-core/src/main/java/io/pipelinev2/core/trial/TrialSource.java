package io.pipelinev2.core.trial;

import java.util.List;
import java.util.Optional;

/**
 * The port through which finished trials come in. Implementations are read-only and must never hold up the optimiser
 * that is writing to the same storage: short reads, nothing kept open between calls.
 *
 * <p>Implementations are safe for use by several threads.
 */
public interface TrialSource {

    /** {@return the name of the storage, as configured; part of a study's identity, so always the same} */
    String storage();

    /**
     * {@return the studies that are to be followed, in any order; empty if there is none yet}
     *
     * @throws TrialSourceException if the storage cannot be read
     */
    List<SourceStudy> studies();

    /**
     * {@return the headers of all COMPLETE trials of a study, in order of their numbers; empty if the study is gone} Trials
     * finish in any order, so the caller compares with what it has seen instead of asking for what came after some mark.
     *
     * @param study one of {@link #studies}
     * @throws TrialSourceException if the storage cannot be read
     */
    List<TrialHeader> completeTrials(SourceStudy study);

    /**
     * {@return how many trials of a study were tried, or empty if the source cannot say}
     *
     * @param study one of {@link #studies}
     * @throws TrialSourceException if the storage cannot be read
     */
    default Optional<TrialCounts> counts(SourceStudy study) {
        return Optional.empty();
    }

    /**
     * {@return the details of one trial}
     *
     * @param trial where it stood when it was found, perhaps long ago
     * @throws TrialGoneException if it is no longer there, or another trial now stands in its place
     * @throws TrialSourceException if the storage cannot be read
     */
    TrialDetails details(SourceTrial trial);
}
