package io.pipelinev2.runner.view;

import io.pipelinev2.core.monitoring.Event;
import io.pipelinev2.core.store.PipelineStore;
import io.pipelinev2.core.store.StoreReader;
import io.pipelinev2.core.trial.TrialKey;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The newest events of everything, newest first.
 *
 * @param events the events
 * @param trials the keys of the trials that they concern, by the pipeline's own id
 */
public record EventsView(List<Event> events, Map<Long, TrialKey> trials) {

    public EventsView {
        events = List.copyOf(events);
        trials = Map.copyOf(trials);
    }

    /** The newest events as they are now, at most {@code limit}. */
    public static EventsView of(PipelineStore store, int limit) {
        return store.read(tx -> of(tx, tx.events(null, limit)));
    }

    /** These events, with the keys of their trials. */
    public static EventsView of(StoreReader tx, List<Event> newest) {
        Map<Long, TrialKey> keys = new HashMap<>();
        for (Event event : newest) {
            Long trial = event.trialId();
            if (trial != null && !keys.containsKey(trial)) {
                tx.trial(trial).ifPresent(found -> keys.put(trial, found.key()));
            }
        }
        return new EventsView(newest, keys);
    }

    /** Which trial an event concerns. */
    public Optional<TrialKey> trialOf(Event event) {
        Long trial = event.trialId();
        return trial == null ? Optional.empty() : Optional.ofNullable(trials.get(trial));
    }

    /** The JSON form. */
    public Map<String, @Nullable Object> json() {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("events", events.stream().map(this::withTrial).toList());
        return json;
    }

    private Map<String, @Nullable Object> withTrial(Event event) {
        Map<String, @Nullable Object> json = event(event);
        json.put("study", trialOf(event).map(TrialKey::study).orElse(null));
        json.put("number", trialOf(event).map(TrialKey::number).orElse(null));
        return json;
    }

    static Map<String, @Nullable Object> event(Event event) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("at", event.at());
        json.put("type", event.type().label());
        json.put("stage", event.stage());
        json.put("actor", event.actor());
        json.put("origin", event.origin());
        json.put("message", event.message());
        json.put("id", event.id());
        return json;
    }
}
