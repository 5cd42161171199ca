package io.pipelinev2.runner.http.action;

import io.pipelinev2.core.monitoring.Operator;
import io.pipelinev2.runner.alerts.AlertCommands;
import io.pipelinev2.runner.config.DurationText;
import io.pipelinev2.runner.http.exchange.Asked;
import io.pipelinev2.runner.http.exchange.Parameter;
import io.pipelinev2.runner.http.problem.ProblemException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What an operator may do to one alert; the same as on the command line.
 *
 * @param name its name, as a command's
 * @param summary what it does, in words
 * @param body what may be said with it
 * @param verb does it
 */
public record AlertAction(String name, String summary, List<Parameter> body, Verb verb) {

    private static final Duration LONGEST = Duration.ofDays(30);
    private static final Parameter SEEN =
            Parameter.text("expected_version", "The `version` as you saw it; refused (409) if it has moved on.");

    /** Does something to an alert; returns in words what was done. */
    @FunctionalInterface
    interface Verb {
        String apply(AlertCommands commands, long id, Asked asked, Operator by);
    }

    public AlertAction {
        List<Parameter> all = new ArrayList<>(List.of(SEEN));
        all.addAll(body);
        body = List.copyOf(all);
    }

    public static List<AlertAction> all() {
        return List.of(
                new AlertAction(
                        "ack",
                        "Somebody has seen an alert: no more reminders of it, unless it gets worse. That it is over is told"
                                + " all the same.",
                        List.of(),
                        (commands, id, asked, by) -> commands.acknowledge(id, by)),
                new AlertAction(
                        "silence",
                        "Says nothing of an alert for a time, nor of another on the same matter that begins meanwhile.",
                        List.of(Parameter.text(
                                "for", "How long, such as 30m, 4h or 2d, 30d at most; default 1h; 0 ends it.")),
                        (commands, id, asked, by) -> commands.silence(id, time(asked.text("for")), by)));
    }

    private static Duration time(@Nullable String given) {
        try {
            Duration time = given == null ? Duration.ofHours(1) : DurationText.parse(given.strip());
            if (time.compareTo(LONGEST) > 0) {
                throw new ProblemException(400, "for must be at most 30d.");
            }
            return time;
        } catch (IllegalArgumentException e) {
            throw new ProblemException(400, "for must be " + e.getMessage() + ".");
        }
    }
}
