package io.pipelinev2.optuna;

import io.pipelinev2.core.trial.Direction;
import io.pipelinev2.core.trial.SourceStudy;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A study and one of its directions, or null if it has none recorded. */
record StudyRow(long id, String name, @Nullable String direction) {

    /** @param rows by study, then by objective */
    static List<SourceStudy> studies(List<StudyRow> rows, Notices notices) {
        List<SourceStudy> studies = new ArrayList<>();
        for (int from = 0, to; from < rows.size(); from = to) {
            StudyRow first = rows.get(from);
            to = from;
            List<Direction> directions = new ArrayList<>();
            while (to < rows.size() && rows.get(to).id() == first.id()) {
                directions.add(rows.get(to++).toDirection(notices));
            }
            studies.add(new SourceStudy(first.id(), first.name(), directions));
        }
        return studies;
    }

    private Direction toDirection(Notices notices) {
        if (direction == null) {
            return Direction.NOT_SET;
        }
        for (Direction known : Direction.values()) {
            if (known.name().equals(direction)) {
                return known;
            }
        }
        notices.once(
                ("Study %s has the direction %s, which is neither MINIMIZE nor MAXIMIZE: its trials are backtested,"
                                + " but cannot be ranked by their value.")
                        .formatted(Quoted.of(name), Quoted.of(direction)));
        return Direction.NOT_SET;
    }
}
