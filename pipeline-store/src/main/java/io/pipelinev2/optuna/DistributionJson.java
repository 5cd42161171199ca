package io.pipelinev2.optuna;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The two forms in which Optuna writes a distribution: {@code {"name": CLASS, "attributes": {…}}}, which its storages
 * hold, and {@code {"type": "float|int|categorical", …}}, which its parser takes as well.
 */
final class DistributionJson {

    private DistributionJson() {}

    static Distribution parse(@Nullable String json) throws MalformedRowException {
        if (!(PythonJson.value(json) instanceof Map<?, ?> distribution)) {
            throw new MalformedRowException("has a distribution that is no JSON object");
        }
        Object name = distribution.get("name");
        if (name == null) {
            return of(distribution.get("type"), distribution);
        }
        if (!(distribution.get("attributes") instanceof Map<?, ?> attributes)) {
            throw new MalformedRowException("has a distribution without attributes");
        }
        return of(name, attributes);
    }

    private static Distribution of(@Nullable Object kind, Map<?, ?> attributes) throws MalformedRowException {
        return switch (String.valueOf(kind)) {
            case "CategoricalDistribution", "categorical" -> categorical(attributes.get("choices"));
            // the longer names are from before Optuna 3, which still reads them
            case "IntDistribution", "int", "IntUniformDistribution", "IntLogUniformDistribution" ->
                new Distribution.Int();
            case "FloatDistribution",
                    "float",
                    "UniformDistribution",
                    "LogUniformDistribution",
                    "DiscreteUniformDistribution" -> new Distribution.Float();
            default ->
                throw new MalformedRowException(
                        "has the distribution %s; known are Categorical-, Int- and FloatDistribution"
                                .formatted(Quoted.of(String.valueOf(kind))));
        };
    }

    private static Distribution categorical(@Nullable Object choices) throws MalformedRowException {
        if (choices instanceof List<?> list) {
            return new Distribution.Categorical(new ArrayList<@Nullable Object>(list));
        }
        throw new MalformedRowException("has a categorical distribution without a list of choices");
    }
}
