package io.pipelinev2.deploy.ranking;

import org.jspecify.annotations.Nullable;

/** What should happen to one trial, and why. Trials that should stay as they are have none. */
public sealed interface Decision {

    /** The trial it is about. */
    long trialId();

    /** Why, in words. */
    String reason();

    /** Nothing yet: somebody better may still come. */
    record Wait(long trialId, String reason) implements Decision {}

    /** Nothing yet: it has become a candidate since the last review. */
    record AwaitReview(long trialId, String reason) implements Decision {}

    /**
     * It gets a free slot.
     *
     * @param fillsSlotOf the trial that an operator stopped and whose slot this is, or null
     */
    record Deploy(long trialId, String reason, @Nullable Long fillsSlotOf) implements Decision {}

    /**
     * It gets the slot of one that is worse.
     *
     * @param outgoing the trial that loses its slot
     * @param outgoingReason why that one loses it, in words
     */
    record Replace(long trialId, String reason, long outgoing, String outgoingReason) implements Decision {}

    /**
     * It does not get a slot.
     *
     * @param kind what is to be recorded
     */
    record RankOut(long trialId, String reason, Ruling.Kind kind) implements Decision {}

    /**
     * It loses its slot: there are fewer of them now, it was rejected when its validation was repeated, or an operator wants
     * it never deployed.
     */
    record Retire(long trialId, String reason) implements Decision {}
}
