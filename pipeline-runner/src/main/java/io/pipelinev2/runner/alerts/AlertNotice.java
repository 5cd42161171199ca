package io.pipelinev2.runner.alerts;

import io.pipelinev2.core.store.Alert;
import io.pipelinev2.runner.config.InertText;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a channel tells of an alert. Its texts hold no control characters and no secrets of the configuration; names of
 * studies and words of others may be in them.
 *
 * @param kind whether the alert began, goes on, or is over
 * @param id the alert's, as {@code alerts ack} takes it; 0 for one that could not be stored
 * @param rule the label of its rule
 * @param subject what it concerns; empty for the pipeline as a whole
 * @param severity how bad it is
 * @param message what is wrong and what to do about it
 * @param openedAt when it began
 * @param at when this notice was put into the post
 * @param resolvedAt when it was over, or null
 * @param source the home that it is about, with its machine
 */
public record AlertNotice(
        Kind kind,
        long id,
        String rule,
        String subject,
        Severity severity,
        String message,
        Instant openedAt,
        Instant at,
        @Nullable Instant resolvedAt,
        String source) {

    private static final int LONGEST = 2_000;

    /** Whether an alert began, goes on, or is over. */
    public enum Kind {
        OPENED,
        REMINDER,
        RESOLVED;

        /** The name in lower case, as it stands in JSON. */
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** How bad an alert is. */
    public enum Severity {
        /** It works, but will not for long, or not as it should. */
        WARNING,
        /** Something does not work, or loses money on paper. */
        CRITICAL;

        /** The name in lower case, as it stands in JSON. */
        public String label() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** Makes all texts harmless to show, and the message not too long. */
    public AlertNotice {
        subject = InertText.of(subject);
        message = shortened(InertText.of(message));
        source = InertText.of(source);
    }

    static AlertNotice of(Alert alert, Alert.Notice kind, Instant at, String source) {
        return new AlertNotice(
                Kind.valueOf(kind.name()),
                alert.id(),
                alert.rule(),
                alert.subject(),
                Severity.valueOf(alert.severity().name()),
                alert.message(),
                alert.openedAt(),
                at,
                alert.resolvedAt(),
                source);
    }

    private static String shortened(String text) {
        return text.length() <= LONGEST ? text : text.substring(0, LONGEST) + "…";
    }

    /** One line that says it all in short. */
    public String title() {
        String what = subject.isEmpty() ? rule : rule + " " + subject;
        return switch (kind) {
            case OPENED -> "[PAPER pipeline] %s: %s".formatted(severity.label(), what);
            case REMINDER -> "[PAPER pipeline] still %s: %s".formatted(severity.label(), what);
            case RESOLVED -> "[PAPER pipeline] resolved: %s".formatted(what);
        };
    }

    /** Some lines of plain text that say everything. */
    public String text() {
        StringBuilder text = new StringBuilder(message)
                .append("\n\nsince ")
                .append(openedAt)
                .append(resolvedAt == null ? "" : ", over at " + resolvedAt)
                .append("\nhome ")
                .append(source);
        if (id != 0 && kind != Kind.RESOLVED) {
            text.append("\n`alerts ack %d` ends the reminders".formatted(id));
        }
        return text.append('\n').toString();
    }

    /** As JSON has it; docs/alerts.md says what the keys mean. */
    public Map<String, @Nullable Object> json() {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("version", 1);
        json.put("kind", kind.label());
        json.put("id", id);
        json.put("rule", rule);
        json.put("subject", subject);
        json.put("severity", severity.label());
        json.put("title", title());
        json.put("message", message);
        json.put("opened_at", openedAt);
        json.put("at", at);
        json.put("resolved_at", resolvedAt);
        json.put("source", source);
        json.put("mode", "PAPER");
        return json;
    }
}
