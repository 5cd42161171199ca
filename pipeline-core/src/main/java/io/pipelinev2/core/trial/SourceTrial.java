package io.pipelinev2.core.trial;

import org.jspecify.annotations.Nullable;

/**
 * Where a trial stands in its source. Ids alone do not identify it (SQLite reuses them), so the start time goes with
 * them: a source that finds another one must refuse, because it is looking at another trial.
 *
 * @param study Optuna's name of the study
 * @param studyId Optuna's id of the study
 * @param trialId Optuna's id of the trial
 * @param number the trial's number within its study
 * @param startedAt the trial's start time, as the storage writes it, or null if it has none
 */
public record SourceTrial(
        String study,
        long studyId,
        long trialId,
        int number,
        @Nullable String startedAt) {}
