package io.pipelinev2.runner.cli;

import io.pipelinev2.core.monitoring.Event;
import io.pipelinev2.core.trial.TrialKey;
import io.pipelinev2.runner.PipelineHome;
import io.pipelinev2.runner.config.InertText;
import io.pipelinev2.runner.view.EventsView;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

@Command(name = "events", description = "What happened, newest last: who did it, from where and why.")
final class EventsCommand extends ReadingCommand {

    @Option(
            names = {"-n", "--limit"},
            paramLabel = "N",
            defaultValue = "50",
            description = "How many, at most. Default: ${DEFAULT-VALUE}.")
    int limit;

    @Override
    Look look(PipelineHome home) {
        if (limit < 1) {
            throw new ParameterException(spec.commandLine(), "--limit must be at least 1, was " + limit);
        }
        EventsView view = EventsView.of(home.store(), limit);
        return new Look(view.json(), page -> text(view));
    }

    private static String text(EventsView view) {
        List<Event> oldestFirst = new ArrayList<>(view.events());
        Collections.reverse(oldestFirst);
        return oldestFirst.stream()
                .map(event -> InertText.of(line(view, event)) + "\n")
                .collect(Collectors.joining());
    }

    private static String line(EventsView view, Event event) {
        String trial = view.trialOf(event).map(TrialKey::toString).orElse("–");
        String stage = event.stage() == null ? "" : " " + event.stage();
        String by = event.actor().equals("pipeline") ? "" : " (by " + event.actor() + ", " + event.origin() + ")";
        return "%s  %-22s %s%s  %s%s".formatted(event.at(), event.type().label(), trial, stage, event.message(), by);
    }
}
