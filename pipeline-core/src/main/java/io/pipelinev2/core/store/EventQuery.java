package io.pipelinev2.core.store;

import io.pipelinev2.core.monitoring.EventType;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Which events to list, newest first.
 *
 * @param trialId those of one trial, or null for all
 * @param types of which kinds; empty for all
 * @param before only those older than the event of this id, or null to begin with the newest
 * @param limit how many at most, at least 1
 */
public record EventQuery(
        @Nullable Long trialId,
        Set<EventType> types,
        @Nullable Long before,
        int limit) {

    public EventQuery {
        types = Set.copyOf(types);
        if (limit < 1) {
            throw new IllegalArgumentException("a limit must be at least 1, was " + limit);
        }
    }
}
