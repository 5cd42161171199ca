package io.pipelinev2.backtest;

import io.pipelinev2.core.trial.Trial;
import java.util.OptionalLong;

/** Knows how far studies have come: gates may be stricter for a study that is. */
@FunctionalInterface
public interface StudySize {

    /** How many trials of a trial's study are complete; empty if that cannot be found out. */
    OptionalLong completeTrials(Trial trial);

    /** Nothing is known of studies. */
    static StudySize unknown() {
        return trial -> OptionalLong.empty();
    }
}
