package io.pipelinev2.runner.alerts;

import io.pipelinev2.core.store.Alert;
import io.pipelinev2.runner.config.AlertRule;

/**
 * Something that is so now and that a human should look at.
 *
 * @param rule by which rule
 * @param subject what it concerns; empty for the pipeline as a whole
 * @param severity how bad it is
 * @param message what is wrong and what to do about it, in words
 * @param passing whether it may be over in a moment: then it counts only when it is seen twice in a row
 */
record Condition(AlertRule rule, String subject, Alert.Severity severity, String message, boolean passing) {

    /** What there is at most one open alert of. */
    record Key(String rule, String subject) {
        static Key of(Alert alert) {
            return new Key(alert.rule(), alert.subject());
        }
    }

    static Condition lasting(AlertRule rule, String subject, Alert.Severity severity, String message) {
        return new Condition(rule, subject, severity, message, false);
    }

    static Condition passing(AlertRule rule, String subject, Alert.Severity severity, String message) {
        return new Condition(rule, subject, severity, message, true);
    }

    Key key() {
        return new Key(rule.label(), subject);
    }
}
