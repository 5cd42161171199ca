package io.pipelinev2.runner.http.reading;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Between which values something was expected to be, place by place. */
public record Band(List<Place> places) {

    /** From where to where, at one place. */
    public record Place(long step, double low, double high) {}

    public Band {
        places = List.copyOf(places);
    }

    /**
     * The band of a paper account.
     *
     * @param band lists of bars and of returns, as a finding holds them
     * @param capital what the account began with
     * @return null if it is no such thing
     */
    static @Nullable Band of(@Nullable Object band, double capital) {
        if (!(band instanceof Map<?, ?> map)
                || !(map.get("bars") instanceof List<?> bars)
                || !(map.get("low") instanceof List<?> low)
                || !(map.get("high") instanceof List<?> high)
                || bars.size() != low.size()
                || bars.size() != high.size()) {
            return null;
        }
        List<Place> places = new ArrayList<>();
        for (int i = 0; i < bars.size(); i++) {
            if (bars.get(i) instanceof Number step
                    && low.get(i) instanceof Number least
                    && high.get(i) instanceof Number most) {
                places.add(new Place(
                        step.longValue(), capital * (1 + least.doubleValue()), capital * (1 + most.doubleValue())));
            }
        }
        return places.isEmpty() ? null : new Band(places);
    }

    /** In columns, as charts take them. */
    public Map<String, @Nullable Object> json() {
        Map<String, @Nullable Object> json = new LinkedHashMap<>();
        json.put("step", places.stream().map(Place::step).toList());
        json.put("low", places.stream().map(Place::low).toList());
        json.put("high", places.stream().map(Place::high).toList());
        return json;
    }
}
