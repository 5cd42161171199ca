package io.pipelinev2.core.monitoring;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Something that happened, kept for good.
 *
 * @param id the pipeline's own id, 0 before it is stored; later events have larger ones
 * @param at when
 * @param type what kind of thing
 * @param trialId the trial it concerns, or null
 * @param stage the stage it concerns, or null
 * @param actor who did it: a user's name, {@code pipeline}, or {@code unknown}
 * @param origin from where: {@code engine}, {@code deployer}, {@code cli}, {@code api}, or {@code file} for a file made or removed by hand
 * @param message what happened and why, in words
 */
public record Event(
        long id,
        Instant at,
        EventType type,
        @Nullable Long trialId,
        @Nullable String stage,
        String actor,
        String origin,
        String message) {

    /**
     * {@return something that the pipeline's engine did, not stored yet}
     *
     * @param at when
     * @param type what kind of thing
     * @param trialId the trial it concerns, or null
     * @param stage the name of the stage it concerns, or null
     * @param message what happened and why, in words
     */
    public static Event byEngine(
            Instant at, EventType type, @Nullable Long trialId, @Nullable String stage, String message) {
        return new Event(0, at, type, trialId, stage, "pipeline", "engine", message);
    }

    /**
     * {@return something that the deployer did, not stored yet}
     *
     * @param at when
     * @param type what kind of thing
     * @param trialId whose deployment it concerns
     * @param message what happened and why, in words
     */
    public static Event byDeployer(Instant at, EventType type, long trialId, String message) {
        return new Event(0, at, type, trialId, null, "pipeline", "deployer", message);
    }

    /**
     * {@return something that a person asked for, not stored yet}
     *
     * @param at when
     * @param type what kind of thing
     * @param trialId the trial it concerns, or null
     * @param stage the name of the stage it concerns, or null
     * @param by who asked, and from where
     * @param message what was done and why, in words
     */
    public static Event byOperator(
            Instant at, EventType type, @Nullable Long trialId, @Nullable String stage, Operator by, String message) {
        return new Event(0, at, type, trialId, stage, by.name(), by.origin(), message);
    }

    /**
     * The same event with the id that a store gave it.
     *
     * @param newId 1 or more
     * @return a copy
     */
    public Event withId(long newId) {
        return new Event(newId, at, type, trialId, stage, actor, origin, message);
    }
}
