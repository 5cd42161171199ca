package io.pipelinev2.core.trial;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A finished trial as the pipeline has recorded it.
 *
 * @param id the pipeline's own id, 0 before it is stored
 * @param studyId the pipeline's id of its study
 * @param key how people name it
 * @param source where the trial source finds it again
 * @param values one per objective, infinities included; an element is null where the value is undefined (NaN)
 * @param directions one per objective
 * @param status where it stands
 * @param heldReason why nothing happens to it at present (parked, waiting for its model), or null
 * @param parked whether no attempt is begun until an operator unparks it; its {@code heldReason} says why
 * @param reason why it is in its status, in words, or null
 * @param batch the discovery pass that brought it in; later passes have larger numbers
 * @param createdAt when it was discovered
 * @param updatedAt when its status or reasons last changed
 */
public record Trial(
        long id,
        long studyId,
        TrialKey key,
        SourceTrial source,
        List<@Nullable Double> values,
        List<Direction> directions,
        TrialStatus status,
        @Nullable String heldReason,
        boolean parked,
        @Nullable String reason,
        long batch,
        Instant createdAt,
        Instant updatedAt) {

    /** Takes its own copies of the lists, which cannot be changed. */
    public Trial {
        values = Collections.unmodifiableList(new ArrayList<>(values));
        directions = List.copyOf(directions);
    }

    /** The value of the first objective, or null if it is undefined. */
    public @Nullable Double value() {
        return values.isEmpty() ? null : values.get(0);
    }

    /** The direction of the first objective. */
    public Direction direction() {
        return directions.isEmpty() ? Direction.NOT_SET : directions.get(0);
    }

    /**
     * The same with the id that a store gave it.
     *
     * @param newId 1 or more
     * @return a copy
     */
    public Trial withId(long newId) {
        return new Trial(
                newId,
                studyId,
                key,
                source,
                values,
                directions,
                status,
                heldReason,
                parked,
                reason,
                batch,
                createdAt,
                updatedAt);
    }

    /**
     * The same under another name.
     *
     * @param newKey the key
     * @return a copy
     */
    public Trial withKey(TrialKey newKey) {
        return new Trial(
                id,
                studyId,
                newKey,
                source,
                values,
                directions,
                status,
                heldReason,
                parked,
                reason,
                batch,
                createdAt,
                updatedAt);
    }

    /**
     * This trial in another status, for the reason given, and held no longer; only what is parked stays parked until it is
     * decided.
     */
    public Trial become(TrialStatus next, @Nullable String why, Instant at) {
        boolean stays = parked && !next.isDecided();
        return with(next, stays ? heldReason : null, stays, why, at);
    }

    /** This trial in its status, held for the reason given, or no longer held if null. What is parked stays parked. */
    public Trial held(@Nullable String why, Instant at) {
        return parked ? this : with(status, why, false, reason, at);
    }

    /** This trial in its status, with nothing begun on it until it is {@link #unpark unparked}. */
    public Trial park(String why, Instant at) {
        return with(status, why, true, reason, at);
    }

    /** This trial in its status, held by nothing. */
    public Trial unpark(Instant at) {
        return with(status, null, false, reason, at);
    }

    private Trial with(
            TrialStatus newStatus,
            @Nullable String newHeldReason,
            boolean newParked,
            @Nullable String newReason,
            Instant at) {
        return new Trial(
                id,
                studyId,
                key,
                source,
                values,
                directions,
                newStatus,
                newHeldReason,
                newParked,
                newReason,
                batch,
                createdAt,
                at);
    }
}
