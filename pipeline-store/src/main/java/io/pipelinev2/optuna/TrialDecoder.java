package io.pipelinev2.optuna;

import io.pipelinev2.core.trial.SourceTrial;
import io.pipelinev2.core.trial.TrialDetails;
import io.pipelinev2.core.trial.TrialSourceException;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Rows of a trial into what its objective function saw. */
final class TrialDecoder {

    private final String storage;
    private final DistributionCache distributions = new DistributionCache();

    TrialDecoder(String storage) {
        this.storage = storage;
    }

    /** @throws TrialSourceException if a row makes no sense; a trial is never told with a part of it missing */
    TrialDetails details(SourceTrial trial, TrialRows rows) {
        Map<String, @Nullable Object> parameters = new LinkedHashMap<>();
        for (TrialRows.Parameter row : rows.parameters()) {
            try {
                parameters.put(named(row.name()), value(row));
            } catch (MalformedRowException e) {
                throw refused(trial, "parameter", row.name(), e);
            }
        }
        Map<String, @Nullable Object> attributes = new LinkedHashMap<>();
        for (TrialRows.Attribute row : rows.userAttributes()) {
            try {
                attributes.put(named(row.key()), PythonJson.value(row.json()));
            } catch (MalformedRowException e) {
                throw refused(trial, "user attribute", row.key(), e);
            }
        }
        return new TrialDetails(parameters, attributes);
    }

    private @Nullable Object value(TrialRows.Parameter row) throws MalformedRowException {
        Distribution distribution = distributions.of(row.distribution());
        if (row.value() instanceof Number internal) {
            return distribution.decode(internal.doubleValue());
        }
        throw new MalformedRowException("has no number as its value");
    }

    private static String named(@Nullable String name) throws MalformedRowException {
        if (name == null) {
            throw new MalformedRowException("has no name");
        }
        return name;
    }

    private TrialSourceException refused(
            SourceTrial trial, String what, @Nullable String name, MalformedRowException cause) {
        return new TrialSourceException(
                ("Trial %d of study %s in the Optuna storage %s cannot be decoded: its %s %s %s. Look at the trial with"
                                + " Optuna; if Optuna shows it, report this as a fault of the reader.")
                        .formatted(
                                trial.number(),
                                Quoted.of(trial.study()),
                                storage,
                                what,
                                Quoted.of(String.valueOf(name)),
                                cause.getMessage()),
                cause);
    }
}
