package io.pipelinev2.runner.cli;

import io.pipelinev2.core.monitoring.Event;
import io.pipelinev2.core.trial.TrialKey;
import io.pipelinev2.runner.PipelineHome;
import io.pipelinev2.runner.view.EventsView;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

@Command(name = "events", description = "What happened, newest last: who did it, from where and why.")
final class EventsCommand extends HomeCommand {

    @Option(
            names = {"-n", "--limit"},
            paramLabel = "N",
            defaultValue = "50",
            description = "How many, at most. Default: ${DEFAULT-VALUE}.")
    int limit;

    @Option(names = "--json", description = "One JSON object on standard output, newest first.")
    boolean json;

    @Override
    public Integer call() {
        if (limit < 1) {
            throw new ParameterException(spec.commandLine(), "--limit must be at least 1, was " + limit);
        }
        try (PipelineHome home = open()) {
            EventsView view = EventsView.of(home.store(), limit);
            if (json) {
                print(view.json());
            } else {
                List<Event> oldestFirst = new ArrayList<>(view.events());
                Collections.reverse(oldestFirst);
                oldestFirst.forEach(event -> say(line(view, event)));
            }
            return ExitCode.OK;
        }
    }

    private static String line(EventsView view, Event event) {
        String trial = view.trialOf(event).map(TrialKey::toString).orElse("–");
        String stage = event.stage() == null ? "" : " " + event.stage();
        String by = event.actor().equals("pipeline") ? "" : " (by " + event.actor() + ", " + event.origin() + ")";
        return "%s  %-22s %s%s  %s%s".formatted(event.at(), event.type().label(), trial, stage, event.message(), by);
    }
}
