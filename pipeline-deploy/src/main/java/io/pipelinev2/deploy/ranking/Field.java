package io.pipelinev2.deploy.ranking;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Everybody in the contest.
 *
 * @param candidates all trials that are validated, or being validated and meant to be deployed
 * @param slotsTaken how many slots are taken
 * @param reservations the slots of trials that operators stopped, not filled yet, oldest first
 * @param newestBasis what the newest result was measured on
 */
public record Field(
        List<Candidate> candidates,
        int slotsTaken,
        List<Reservation> reservations,
        @Nullable String newestBasis) {

    public Field {
        candidates = List.copyOf(candidates);
        reservations = List.copyOf(reservations);
    }
}
