package io.pipelinev2.core.execution;

import io.pipelinev2.core.stage.StageRun;
import io.pipelinev2.core.stage.StageStatus;
import io.pipelinev2.core.store.Attempt;
import io.pipelinev2.core.trial.Trial;

/**
 * The right to make one attempt.
 *
 * @param trial the trial as it was claimed
 * @param stage the stage as it was claimed, with its fencing token
 * @param attempt the attempt's history row
 */
record Claim(Trial trial, StageRun stage, Attempt attempt) {

    /** Whether a stage, as it stands now, still belongs to this claim. */
    boolean holds(StageRun now) {
        return now.id() == stage.id() && now.status() == StageStatus.RUNNING && now.token() == stage.token();
    }
}
