package io.pipelinev2.core.store;

import io.pipelinev2.core.trial.Direction;
import io.pipelinev2.core.trial.TrialCounts;
import io.pipelinev2.core.trial.TrialKey;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A study as the pipeline has recorded it.
 *
 * <p>Optuna's SQLite storage gives the same ids again after a study was deleted and made anew, so a study here has an
 * {@code incarnation}: a finished trial seen with another start time than the recorded one begins the next. The newest
 * carries the study's own name as its label; earlier ones are relabelled {@code name@incarnation}.
 *
 * @param id the pipeline's own id, 0 before it is stored
 * @param storage the Optuna storage it came from, as configured
 * @param name Optuna's name of it
 * @param label the name by which a {@link TrialKey} addresses it
 * @param sourceId Optuna's id of it
 * @param incarnation 1 for the first study of that name in that storage
 * @param directions one per objective
 * @param counts how many trials it had when it was last looked at, or null if its source does not say
 */
public record Study(
        long id,
        String storage,
        String name,
        String label,
        long sourceId,
        int incarnation,
        List<Direction> directions,
        @Nullable TrialCounts counts) {

    public Study {
        directions = List.copyOf(directions);
    }

    /** A study whose trials have not been counted. */
    public Study(
            long id,
            String storage,
            String name,
            String label,
            long sourceId,
            int incarnation,
            List<Direction> directions) {
        this(id, storage, name, label, sourceId, incarnation, directions, null);
    }

    public Study withId(long newId) {
        return new Study(newId, storage, name, label, sourceId, incarnation, directions, counts);
    }

    public Study withLabel(String newLabel) {
        return new Study(id, storage, name, newLabel, sourceId, incarnation, directions, counts);
    }

    public Study withCounts(@Nullable TrialCounts newCounts) {
        return new Study(id, storage, name, label, sourceId, incarnation, directions, newCounts);
    }

    /** The study of the same name that was made after this one was deleted. */
    public Study reborn(long newSourceId, List<Direction> newDirections) {
        return new Study(0, storage, name, name, newSourceId, incarnation + 1, newDirections);
    }
}
