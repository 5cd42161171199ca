package io.pipelinev2.core.trial;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a stage may want to know of a trial beyond its header.
 *
 * @param parameters the suggested values by name, in their external form: a categorical parameter is the choice itself
 *     (null, boolean, number or text), never its index
 * @param userAttributes what the objective attached, as JSON-like values
 */
public record TrialDetails(Map<String, @Nullable Object> parameters, Map<String, @Nullable Object> userAttributes) {

    /** Nothing is known but the header. */
    public static final TrialDetails NONE = new TrialDetails(Map.of(), Map.of());

    /**
     * Takes its own copies, which cannot be changed.
     *
     * @param parameters in the order in which they are to be shown
     * @param userAttributes in the order in which they are to be shown
     */
    public TrialDetails {
        parameters = Collections.unmodifiableMap(new LinkedHashMap<>(parameters));
        userAttributes = Collections.unmodifiableMap(new LinkedHashMap<>(userAttributes));
    }
}
