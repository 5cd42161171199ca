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
        @Nullable String reason,
        long batch,
        Instant createdAt,
        Instant updatedAt) {

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
                reason,
                batch,
                createdAt,
                updatedAt);
    }

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
                reason,
                batch,
                createdAt,
                updatedAt);
    }

    /** This trial in another status, for the reason given, no longer held. */
    public Trial become(TrialStatus next, @Nullable String why, Instant at) {
        return new Trial(id, studyId, key, source, values, directions, next, null, why, batch, createdAt, at);
    }

    /** This trial in its status, held for the reason given, or no longer held if null. */
    public Trial held(@Nullable String why, Instant at) {
        return new Trial(id, studyId, key, source, values, directions, status, why, reason, batch, createdAt, at);
    }
}
