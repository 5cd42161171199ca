package io.pipelinev2.core.trial;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is cheap to know of a finished trial.
 *
 * @param source where it stands
 * @param values one per objective, infinities included; an element is null where the value is undefined (NaN)
 */
public record TrialHeader(SourceTrial source, List<@Nullable Double> values) {

    /**
     * Takes its own copy of the values, which cannot be changed.
     *
     * @param source by which {@link TrialSource#details} finds it again
     * @param values may hold null
     */
    public TrialHeader {
        values = Collections.unmodifiableList(new ArrayList<>(values));
    }
}
