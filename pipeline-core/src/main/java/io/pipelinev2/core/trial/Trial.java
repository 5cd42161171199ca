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

    /**
     * Takes its own copies of the lists, which cannot be changed.
     *
     * @param id 0 for one that is not stored yet
     * @param studyId the study must be stored already
     * @param key unlike that of any other trial
     * @param source as its source gave it
     * @param values may hold null
     * @param directions in the order of the values
     * @param status where it stands
     * @param heldReason null if nothing holds it
     * @param parked only of one with a {@code heldReason}
     * @param reason null if there is nothing to be said
     * @param batch of the pass that found it
     * @param createdAt when that was
     * @param updatedAt the same, or later
     */
    public Trial {
        values = Collections.unmodifiableList(new ArrayList<>(values));
        directions = List.copyOf(directions);
    }

    /** {@return the value of the first objective, or null if it is undefined} */
    public @Nullable Double value() {
        return values.isEmpty() ? null : values.get(0);
    }

    /** {@return the direction of the first objective, {@link Direction#NOT_SET} if there is none} */
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
     * {@return this trial in another status, held no longer} Only what is parked stays parked until it is decided.
     *
     * @param next the status; that it may follow is not checked here
     * @param why why, in words, or null
     * @param at when
     */
    public Trial become(TrialStatus next, @Nullable String why, Instant at) {
        boolean stays = parked && !next.isDecided();
        return with(next, stays ? heldReason : null, stays, why, at);
    }

    /**
     * {@return this trial in its status, held or no longer held} What is parked stays parked, for its own reason.
     *
     * @param why why nothing happens to it, in words; null if it is no longer held
     * @param at when
     */
    public Trial held(@Nullable String why, Instant at) {
        return parked ? this : with(status, why, false, reason, at);
    }

    /**
     * {@return this trial in its status, with nothing begun on it until it is {@link #unpark unparked}}
     *
     * @param why why, in words
     * @param at when
     */
    public Trial park(String why, Instant at) {
        return with(status, why, true, reason, at);
    }

    /**
     * {@return this trial in its status, held by nothing}
     *
     * @param at when
     */
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
