package io.pipelinev2.runner.alerts;

import io.pipelinev2.core.store.Alert;
import io.pipelinev2.runner.alerts.AlertNotice.Kind;
import io.pipelinev2.runner.alerts.AlertNotice.Severity;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** One notice in place of very many at once, which nobody would read one by one. */
final class Digest {

    /** Up to so many notices of a kind are told one by one. */
    static final int MORE_THAN = 10;

    /** In place of the name of a rule. */
    static final String RULE = "several";

    private static final int NAMED = 20;

    private Digest() {}

    /** @param alerts at least one */
    static AlertNotice of(List<Alert> alerts, Alert.Notice kind, Instant at, String source) {
        List<Alert> worstFirst = alerts.stream()
                .sorted(Comparator.comparing(Alert::severity)
                        .reversed()
                        .thenComparing(Alert::rule)
                        .thenComparing(Alert::id))
                .toList();
        return new AlertNotice(
                Kind.valueOf(kind.name()),
                0,
                RULE,
                alerts.size() + " alerts",
                Severity.valueOf(worstFirst.get(0).severity().name()),
                words(worstFirst, kind),
                alerts.stream().map(Alert::openedAt).min(Instant::compareTo).orElse(at),
                at,
                kind == Alert.Notice.RESOLVED ? latest(alerts) : null,
                source);
    }

    private static @Nullable Instant latest(List<Alert> alerts) {
        return alerts.stream()
                .map(Alert::resolvedAt)
                .filter(resolved -> resolved != null)
                .max(Instant::compareTo)
                .orElse(null);
    }

    private static String words(List<Alert> worstFirst, Alert.Notice kind) {
        String begin = switch (kind) {
            case OPENED -> "%d alerts began at once";
            case REMINDER -> "%d alerts are still open";
            case RESOLVED -> "%d alerts are over";
        };
        int left = worstFirst.size() - NAMED;
        return begin.formatted(worstFirst.size())
                + worstFirst.stream().limit(NAMED).map(Digest::line).collect(Collectors.joining("; ", ": ", ""))
                + (left > 0 ? "; and %d more".formatted(left) : "")
                + ". `alerts` lists them all, with what to do about each.";
    }

    private static String line(Alert alert) {
        return alert.id() + " " + alert.severity().label() + " " + alert.rule()
                + (alert.subject().isEmpty() ? "" : " " + alert.subject());
    }
}
