package io.pipelinev2.core.testkit;

import io.pipelinev2.core.monitoring.Event;
import io.pipelinev2.core.monitoring.EventType;
import io.pipelinev2.core.trial.Trial;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A trial as it stood when a test looked at it.
 *
 * @param row its row in the store
 * @param stages its stages in order
 * @param events what happened to it, in order
 */
public record TrialSnapshot(Trial row, List<StageSnapshot> stages, List<Event> events) {

    public TrialSnapshot {
        stages = List.copyOf(stages);
        events = List.copyOf(events);
    }

    /** The kinds of what happened to it, in order. */
    public List<EventType> eventTypes() {
        return events.stream().map(Event::type).toList();
    }

    /**
     * One of its stages.
     *
     * @throws IllegalArgumentException if it has no such stage
     */
    public StageSnapshot stage(String name) {
        return stages.stream()
                .filter(stage -> stage.row().name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException("Trial %s has no stage '%s'; it has %s."
                        .formatted(
                                row.key(),
                                name,
                                stages.stream().map(stage -> stage.row().name()).toList())));
    }

    /** All that a reader of a failed assertion may want to know. */
    @Override
    public String toString() {
        return "trial %s is %s%s%s%s%s"
                .formatted(
                        row.key(),
                        row.status().label(),
                        row.reason() == null ? "" : ", because: " + row.reason(),
                        row.heldReason() == null ? "" : ", held: " + row.heldReason(),
                        stages.stream().map(stage -> "\n  " + stage).collect(Collectors.joining()),
                        events.stream().map(TrialSnapshot::words).collect(Collectors.joining()));
    }

    private static String words(Event event) {
        return "\n  event %s: %s".formatted(event.type().label(), event.message());
    }
}
