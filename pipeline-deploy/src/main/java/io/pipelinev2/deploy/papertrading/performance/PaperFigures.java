package io.pipelinev2.deploy.papertrading.performance;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The metrics of a paper record by the names that they have in a backtest.
 *
 * @param values finite, or null for what is undefined
 * @param remarks why a value is undefined, or what to keep in mind about it, by name
 */
public record PaperFigures(Map<String, @Nullable Double> values, Map<String, String> remarks) {

    public PaperFigures {
        values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
        remarks = Collections.unmodifiableMap(new LinkedHashMap<>(remarks));
    }

    /** A metric, or null if it is undefined or a paper record does not have it. */
    public @Nullable Double value(String name) {
        return values.get(name);
    }

    /** Why a metric has no value. */
    public String reason(String name) {
        return remarks.getOrDefault(name, "a paper record has no metric '" + name + "'");
    }
}
