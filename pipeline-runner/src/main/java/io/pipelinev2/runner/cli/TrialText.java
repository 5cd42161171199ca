package io.pipelinev2.runner.cli;

import io.pipelinev2.core.deployment.Deployment;
import io.pipelinev2.core.deployment.Preference;
import io.pipelinev2.core.monitoring.Event;
import io.pipelinev2.core.stage.StageRun;
import io.pipelinev2.core.store.Attempt;
import io.pipelinev2.core.store.Finding;
import io.pipelinev2.deploy.drift.PaperReview;
import io.pipelinev2.runner.config.InertText;
import io.pipelinev2.runner.view.TrialDetailView;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** One trial in words: what became of it, and why. */
final class TrialText {

    private final StringBuilder text = new StringBuilder();

    private TrialText() {}

    static String of(TrialDetailView view) {
        TrialText made = new TrialText();
        made.write(view);
        return made.text.toString();
    }

    private void say(String line) {
        text.append(InertText.of(line)).append(System.lineSeparator());
    }

    private void write(TrialDetailView view) {
        say("Trial " + view.trial().key() + ": " + view.trial().status().label());
        String why = view.row().explanation();
        if (why != null) {
            say("  because   " + why);
        }
        say("  Optuna    value " + TrialTable.figure(view.trial().value(), "%.6f") + " ("
                + view.trial().direction().label() + "), rank "
                + (view.row().optunaRank() == null ? "–" : view.row().optunaRank()) + " of its study");
        Preference preference = view.preference();
        if (preference != null) {
            say("  %s by %s since %s%s"
                    .formatted(
                            preference.kind() == Preference.Kind.PINNED ? "pinned" : "never to be deployed, decided",
                            preference.actor(),
                            preference.since(),
                            preference.reason().isBlank() ? "" : ": " + preference.reason()));
        }
        view.stages().forEach(this::write);
        view.findings().forEach(this::write);
        if (view.deployment() != null) {
            say("");
            say("Deployment (PAPER)");
            Deployment deployment = view.deployment().deployment();
            Set<String> state = new LinkedHashSet<>(List.of(
                    deployment.status().label(),
                    deployment.health().label(),
                    "wanted " + deployment.desired().label()));
            say("  " + String.join(", ", state) + (deployment.reason() == null ? "" : ": " + deployment.reason()));
            Long process = view.deployment().processId();
            say("  account " + deployment.id() + ", " + (process == null ? "no process" : "process " + process)
                    + ", started " + deployment.startedAt() + ", " + deployment.restarts() + " restarts, log "
                    + deployment.logFile());
        }
        if (!view.attempts().isEmpty()) {
            say("");
            say("Attempts");
            view.attempts()
                    .forEach(attempt -> say("  " + attempt.startedAt() + "  " + attempt.stage() + " "
                            + attempt.number() + "  " + attempt.outcome().label()
                            + (attempt.error() == null ? "" : ": " + attempt.error())));
        }
        List<Attempt> failed = view.attempts().stream()
                .filter(attempt -> attempt.stackTrace() != null)
                .toList();
        if (!failed.isEmpty()) {
            Attempt last = failed.get(failed.size() - 1);
            say("");
            say("Last error, attempt " + last.number() + " of " + last.stage());
            String.valueOf(last.stackTrace()).lines().limit(12).forEach(line -> say("  " + line.replace("\t", "  ")));
        }
        say("");
        say("Events, newest first");
        for (Event event : view.events()) {
            say("  " + event.at() + "  " + event.type().label() + "  " + event.message()
                    + (event.actor().equals("pipeline") ? "" : " (by " + event.actor() + ", " + event.origin() + ")"));
        }
    }

    private void write(StageRun stage) {
        say("");
        say("Stage " + stage.name() + ": " + stage.status().label() + ", " + stage.attempts() + " of "
                + stage.maxAttempts() + " attempts");
        if (stage.reason() != null) {
            say("  because   " + stage.reason());
        }
        if (stage.errorMessage() != null && !stage.errorMessage().equals(stage.reason())) {
            say("  error     " + stage.errorMessage());
        }
        Map<String, @Nullable Object> results = stage.results();
        if (results == null) {
            return;
        }
        write(results);
    }

    private void write(Map<String, @Nullable Object> evidence) {
        evidence.forEach((name, value) -> {
            if (name.equals("gates") && value instanceof List<?> gates) {
                say("  gates");
                gates.forEach(gate -> say("    " + gateLine(gate)));
            } else if (value instanceof Map<?, ?> map) {
                say("  " + name);
                map.forEach((key, inner) -> say("    " + key + "  " + inner));
            } else {
                say("  " + name + "  " + value);
            }
        });
    }

    private void write(Finding finding) {
        say("");
        say("Review " + finding.name() + ", " + finding.updatedAt());
        say("  objection " + (finding.objection() == null ? "none" : finding.objection()));
        Map<String, @Nullable Object> content = new LinkedHashMap<>(finding.content());
        // to be drawn, not to be read
        content.remove(PaperReview.BAND);
        write(content);
    }

    static String gateLine(Object gate) {
        if (gate instanceof Map<?, ?> map) {
            Object words = map.get("words");
            return (Boolean.TRUE.equals(map.get("passed")) ? "passed  " : "FAILED  ") + (words == null ? map : words);
        }
        return String.valueOf(gate);
    }
}
