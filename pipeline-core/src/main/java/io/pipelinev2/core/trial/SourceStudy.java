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

    /**
     * Takes its own copy of the directions, which cannot be changed.
     *
     * @param id unlike that of any other study there is at the time
     * @param name unlike that of any other study there is at the time
     * @param directions in the order of the objectives; empty if the source never said
     */
    public SourceStudy {
        directions = List.copyOf(directions);
    }
}
