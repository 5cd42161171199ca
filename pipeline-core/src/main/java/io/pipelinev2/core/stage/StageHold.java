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

        /** The name in lower case, as it stands in JSON and in the database. */
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }

        /**
         * The kind of this {@linkplain #label() label}.
         *
         * @throws IllegalArgumentException if there is none
         */
        public static Kind of(String label) {
            return valueOf(label.toUpperCase(Locale.ROOT));
        }
    }

    /** A hold by an operator. */
    public static StageHold paused(String stage, String reason, String actor, String origin, Instant since) {
        return new StageHold(stage, Kind.PAUSED, reason, actor, origin, since, null, 0);
    }

    /** A hold by the engine. */
    public static StageHold tripped(String stage, String reason, Instant since, Instant probeAt) {
        return new StageHold(stage, Kind.TRIPPED, reason, "pipeline", "engine", since, probeAt, 0);
    }

    /** One more attempt failed. */
    public StageHold probed(Instant nextProbe) {
        return new StageHold(stage, kind, reason, actor, origin, since, nextProbe, probes + 1);
    }

    /** Whether one attempt may be made to see whether the stage goes again. */
    public boolean isProbeDue(Instant now) {
        return kind == Kind.TRIPPED && probeAt != null && !probeAt.isAfter(now);
    }
}
