package io.pipelinev2.deploy.drift;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How one thing about a paper record compares with what is expected of it.
 *
 * @param drifted whether it differs by more than is allowed
 * @param words what was found, in a clause that goes on after "it"; or why nothing can be said
 * @param values the numbers; none if nothing can be said
 */
record Difference(boolean drifted, String words, Map<String, @Nullable Object> values) {

    static Difference unknown(String reason) {
        return new Difference(false, reason, Map.of());
    }

    boolean isKnown() {
        return !values.isEmpty();
    }

    Map<String, @Nullable Object> toMap() {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        map.put("drifted", isKnown() ? drifted : null);
        map.put(isKnown() ? "words" : "reason", words);
        map.putAll(values);
        return map;
    }
}
