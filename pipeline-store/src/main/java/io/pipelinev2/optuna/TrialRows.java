package io.pipelinev2.optuna;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a storage has of one trial, undecoded.
 *
 * @param parameters in the order in which they were suggested
 * @param userAttributes in the order in which they were set
 */
record TrialRows(List<Parameter> parameters, List<Attribute> userAttributes) {

    /**
     * @param value Optuna's internal representation, a number
     * @param distribution what it was drawn from, as JSON
     */
    record Parameter(
            @Nullable String name,
            @Nullable Object value,
            @Nullable String distribution) {}

    /** @param json its value, in the JSON that Python writes */
    record Attribute(@Nullable String key, @Nullable String json) {}
}
