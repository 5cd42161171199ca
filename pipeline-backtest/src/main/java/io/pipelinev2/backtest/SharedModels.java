package io.pipelinev2.backtest;

import io.pipelinev2.core.trial.Trial;
import io.pipelinev2.core.trial.TrialKey;
import java.util.Optional;

/** Knows which trials share a number, and so a model directory whose template does not name the study. */
@FunctionalInterface
public interface SharedModels {

    /** Another followed study's trial of the same number, if there is one. */
    Optional<TrialKey> rivalOf(Trial trial);

    /** For one study at a time: no two trials share a number. */
    static SharedModels none() {
        return trial -> Optional.empty();
    }
}
