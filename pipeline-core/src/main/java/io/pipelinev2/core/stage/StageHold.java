package io.pipelinev2.core.stage;

import java.time.Instant;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A stage, or all of them, that no attempt is begun of at present. What runs already goes on.
 *
 * @param stage the stage's name, or {@link #EVERY_STAGE}
 * @param kind who holds it, and so how it ends
 * @param reason why, in words
 * @param actor who did it: a user's name, or {@code pipeline}
 * @param origin from where, as in {@link io.pipelinev2.core.monitoring.Event}
 * @param since when
 * @param probeAt of a tripped one: from when on one attempt is made to see whether it goes again; else null
 * @param probes of a tripped one: how many such attempts have failed
 */
public record StageHold(
        String stage,
        Kind kind,
        String reason,
        String actor,
        String origin,
        Instant since,
        @Nullable Instant probeAt,
        int probes) {

    /** In the place of a stage's name: the whole pipeline. */
    public static final String EVERY_STAGE = "*";

    /** Who holds a stage. */
    public enum Kind {
        /** An operator, until an operator ends it. */
        PAUSED,
        /** The engine, because it failed for one trial after another; ends with the first attempt that does not. */
        TRIPPED;

        /** {@return the name in lower case, as it stands in JSON and in the database} */
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }

        /**
         * {@return the kind of a label}
         *
         * @param label as {@link #label()} gives it
         * @throws IllegalArgumentException if no kind has it
         */
        public static Kind of(String label) {
            return valueOf(label.toUpperCase(Locale.ROOT));
        }
    }

    /**
     * {@return a hold by an operator}
     *
     * @param stage the stage's name, or {@link #EVERY_STAGE}
     * @param reason why, in words
     * @param actor the operator's name
     * @param origin from where
     * @param since when
     */
    public static StageHold paused(String stage, String reason, String actor, String origin, Instant since) {
        return new StageHold(stage, Kind.PAUSED, reason, actor, origin, since, null, 0);
    }

    /**
     * {@return a hold by the engine, with no probe made yet}
     *
     * @param stage the stage's name
     * @param reason what it failed for, in words
     * @param since when
     * @param probeAt from when on the first probe may be made
     */
    public static StageHold tripped(String stage, String reason, Instant since, Instant probeAt) {
        return new StageHold(stage, Kind.TRIPPED, reason, "pipeline", "engine", since, probeAt, 0);
    }

    /**
     * {@return this hold after one more probe that failed}
     *
     * @param nextProbe from when on the next may be made
     */
    public StageHold probed(Instant nextProbe) {
        return new StageHold(stage, kind, reason, actor, origin, since, nextProbe, probes + 1);
    }

    /**
     * {@return this hold with another time for its next probe}
     *
     * @param nextProbe from when on it may be made
     */
    public StageHold probedFrom(Instant nextProbe) {
        return new StageHold(stage, kind, reason, actor, origin, since, nextProbe, probes);
    }

    /**
     * {@return whether one attempt may be made to see whether the stage goes again; never if an operator holds it}
     *
     * @param now the time to judge by
     */
    public boolean isProbeDue(Instant now) {
        return kind == Kind.TRIPPED && probeAt != null && !probeAt.isAfter(now);
    }
}
