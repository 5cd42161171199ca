package io.pipelinev2.core.store;

import java.time.Instant;
import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Something that a human should look at. For each rule and subject there is at most one that is not resolved.
 *
 * @param id the pipeline's own id, 0 before it is stored
 * @param rule the rule that it is one of, such as {@code crash_loop}
 * @param subject what it concerns, such as a trial; empty for the pipeline as a whole
 * @param severity how bad it is now
 * @param message what is wrong and what to do about it, in words
 * @param openedAt when the condition was first seen
 * @param updatedAt when anything of this last changed
 * @param absentSince since when the condition has not been seen, or null while it is; it is resolved when that has lasted
 * @param resolvedAt when the condition was found to be over for good, or null
 * @param notices how many notices of it were put into the post; the resolved message counts
 * @param lastNotice the latest of them, or null if there was none
 * @param noticedAt when that one was put into the post, or null
 * @param remindAt when the next reminder is due, or null if none will be
 * @param acknowledgedBy who has seen it, so that nobody is reminded any more, or null
 * @param silencedUntil nothing is said of it until then, or null
 * @param silencedBy who asked for that, or null
 */
public record Alert(
        long id,
        String rule,
        String subject,
        Severity severity,
        String message,
        Instant openedAt,
        Instant updatedAt,
        @Nullable Instant absentSince,
        @Nullable Instant resolvedAt,
        int notices,
        @Nullable Notice lastNotice,
        @Nullable Instant noticedAt,
        @Nullable Instant remindAt,
        @Nullable String acknowledgedBy,
        @Nullable Instant silencedUntil,
        @Nullable String silencedBy) {

    public Alert {
        Objects.requireNonNull(rule, "rule");
        Objects.requireNonNull(subject, "subject");
    }

    /** How bad an alert is. */
    public enum Severity {
        /** It works, but will not for long, or not as it should. */
        WARNING,
        /** Something does not work, or loses money on paper. */
        CRITICAL;

        /** The name in lower case, as it stands in JSON and in the database. */
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }

        /**
         * The severity of this {@linkplain #label() label}.
         *
         * @throws IllegalArgumentException if there is none
         */
        public static Severity of(String label) {
            return valueOf(label.toUpperCase(Locale.ROOT));
        }
    }

    /** What a notice says of its alert. */
    public enum Notice {
        OPENED,
        REMINDER,
        RESOLVED;

        /** The name in lower case, as it stands in JSON and in the database. */
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }

        /**
         * The notice of this {@linkplain #label() label}.
         *
         * @throws IllegalArgumentException if there is none
         */
        public static Notice of(String label) {
            return valueOf(label.toUpperCase(Locale.ROOT));
        }
    }

    /**
     * The latest notice of an alert that one channel was given, delivered or not. A later notice takes its place: what nobody
     * could be told while a channel was down is told once, as it then stands.
     *
     * @param alertId the alert
     * @param channel the channel's name
     * @param notice what is said
     * @param since when it was put into the post
     * @param attempts how often it was tried
     * @param dueAt when it is tried next, or null if it is not: it was delivered, or given up
     * @param deliveredAt when it was delivered, or null
     * @param error why the latest try failed, in words without secrets, or null
     */
    public record Delivery(
            long alertId,
            String channel,
            Notice notice,
            Instant since,
            int attempts,
            @Nullable Instant dueAt,
            @Nullable Instant deliveredAt,
            @Nullable String error) {}

    /**
     * How a channel has done.
     *
     * @param name its name
     * @param deliveredAt when something last went through, or null if nothing ever did
     * @param failedAt when something last did not, or null if that never was
     * @param error why, in words without secrets, or null
     */
    public record Channel(
            String name,
            @Nullable Instant deliveredAt,
            @Nullable Instant failedAt,
            @Nullable String error) {

        /** Whether the latest that it was given failed. */
        public boolean isFailing() {
            return failedAt != null && (deliveredAt == null || deliveredAt.isBefore(failedAt));
        }
    }

    /** One whose condition was just seen, without any notice yet. */
    public static Alert opened(String rule, String subject, Severity severity, String message, Instant now) {
        return new Alert(
                0, rule, subject, severity, message, now, now, null, null, 0, null, null, null, null, null, null);
    }

    /** Whether its condition holds, or has not been gone for long enough. */
    public boolean isOpen() {
        return resolvedAt == null;
    }

    /** Whether nothing may be said of it now. */
    public boolean isSilent(Instant now) {
        return silencedUntil != null && silencedUntil.isAfter(now);
    }

    public Alert withId(long newId) {
        return change().id(newId).done();
    }

    /** A copy to be changed. */
    public Change change() {
        return new Change(this);
    }

    /** Collects changes to an alert. */
    public static final class Change {
        private final Alert from;
        private long id;
        private Severity severity;
        private String message;
        private Instant updatedAt;
        private @Nullable Instant absentSince;
        private @Nullable Instant resolvedAt;
        private int notices;
        private @Nullable Notice lastNotice;
        private @Nullable Instant noticedAt;
        private @Nullable Instant remindAt;
        private @Nullable String acknowledgedBy;
        private @Nullable Instant silencedUntil;
        private @Nullable String silencedBy;

        private Change(Alert from) {
            this.from = from;
            this.id = from.id;
            this.severity = from.severity;
            this.message = from.message;
            this.updatedAt = from.updatedAt;
            this.absentSince = from.absentSince;
            this.resolvedAt = from.resolvedAt;
            this.notices = from.notices;
            this.lastNotice = from.lastNotice;
            this.noticedAt = from.noticedAt;
            this.remindAt = from.remindAt;
            this.acknowledgedBy = from.acknowledgedBy;
            this.silencedUntil = from.silencedUntil;
            this.silencedBy = from.silencedBy;
        }

        Change id(long value) {
            id = value;
            return this;
        }

        /** What is seen of the condition now. */
        public Change seen(Severity newSeverity, String words) {
            severity = newSeverity;
            message = words;
            absentSince = null;
            return this;
        }

        public Change updatedAt(Instant value) {
            updatedAt = value;
            return this;
        }

        public Change absentSince(@Nullable Instant value) {
            absentSince = value;
            return this;
        }

        public Change resolvedAt(@Nullable Instant value) {
            resolvedAt = value;
            return this;
        }

        /** One more notice was put into the post. */
        public Change noticed(Notice notice, Instant at) {
            notices++;
            lastNotice = notice;
            noticedAt = at;
            return this;
        }

        public Change remindAt(@Nullable Instant value) {
            remindAt = value;
            return this;
        }

        public Change acknowledgedBy(@Nullable String value) {
            acknowledgedBy = value;
            return this;
        }

        public Change silenced(@Nullable Instant until, @Nullable String by) {
            silencedUntil = until;
            silencedBy = by;
            return this;
        }

        /** The alert with the changes. */
        public Alert done() {
            return new Alert(
                    id,
                    from.rule,
                    from.subject,
                    severity,
                    message,
                    from.openedAt,
                    updatedAt,
                    absentSince,
                    resolvedAt,
                    notices,
                    lastNotice,
                    noticedAt,
                    remindAt,
                    acknowledgedBy,
                    silencedUntil,
                    silencedBy);
        }
    }
}
