package io.pipelinev2.core.trial;

import java.util.List;

/**
 * A study as its source shows it.
 *
 * @param id the source's own id
 * @param name its name, arbitrary text
 * @param directions one per objective
 */
public record SourceStudy(long id, String name, List<Direction> directions) {

    /** Takes its own copy of the directions, which cannot be changed. */
    public SourceStudy {
        directions = List.copyOf(directions);
    }
}
