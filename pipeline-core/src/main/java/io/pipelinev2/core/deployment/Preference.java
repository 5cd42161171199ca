package io.pipelinev2.core.deployment;

import java.time.Instant;
import java.util.Locale;

/**
 * An operator's decision about a trial that outlasts every ranking.
 *
 * @param trialId the trial
 * @param kind what was decided
 * @param reason why, in words; may be empty
 * @param actor who decided it
 * @param origin where from, such as {@code cli}
 * @param since when
 */
public record Preference(long trialId, Kind kind, String reason, String actor, String origin, Instant since) {

    /** The kinds of preference. */
    public enum Kind {
        /** Once validated it gets a slot before all that are not pinned, and keeps it whatever its rank. */
        PINNED,
        /** It is not deployed, whatever its rank. */
        NEVER;

        /** The name in lower case, as it stands in the database. */
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
}
