package io.pipelinev2.optuna;

import io.pipelinev2.core.trial.SourceStudy;
import io.pipelinev2.core.trial.SourceTrial;
import io.pipelinev2.core.trial.TrialHeader;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A COMPLETE trial and the value of one of its objectives, as the storage has them.
 *
 * @param number the trial's number; Optuna leaves it null in some migrated files
 * @param startedAt the text of the start time
 * @param objective which objective; 0 if there is no value row
 * @param value a number; null for infinities, which only {@code type} tells apart
 * @param type Optuna's word for what {@code value} is, or null if there is no value row
 */
record ValueRow(
        long trialId,
        @Nullable Object number,
        @Nullable String startedAt,
        int objective,
        @Nullable Object value,
        @Nullable String type) {

    /** @param rows by trial */
    static List<TrialHeader> headers(SourceStudy study, List<ValueRow> rows, Notices notices) {
        List<TrialHeader> headers = new ArrayList<>();
        for (int from = 0, to; from < rows.size(); from = to) {
            ValueRow first = rows.get(from);
            List<@Nullable Double> values =
                    Arrays.asList(new Double[Math.max(1, study.directions().size())]);
            for (to = from; to < rows.size() && rows.get(to).trialId == first.trialId; to++) {
                rows.get(to).into(values, study, notices);
            }
            first.trial(study, notices).ifPresent(trial -> headers.add(new TrialHeader(trial, values)));
        }
        return headers;
    }

    private Optional<SourceTrial> trial(SourceStudy study, Notices notices) {
        // sqlite-jdbc gives an Integer for whatever fits into one
        if (number instanceof Integer known && known >= 0) {
            return Optional.of(new SourceTrial(study.name(), study.id(), trialId, known, startedAt));
        }
        notices.once(("The trial with id %d of study %s has no number (its storage says %s), so it cannot be named and"
                        + " is left out.")
                .formatted(trialId, Quoted.of(study.name()), Quoted.of(String.valueOf(number))));
        return Optional.empty();
    }

    private void into(List<@Nullable Double> values, SourceStudy study, Notices notices) {
        if (objective < 0 || objective >= values.size()) {
            notices.once(("The trial with id %d of study %s has a value for objective %d (the first is 0), but the"
                            + " study has %d: it is ignored.")
                    .formatted(trialId, Quoted.of(study.name()), objective, values.size()));
        } else if (type != null) {
            values.set(objective, toDouble(study, notices));
        }
    }

    private @Nullable Double toDouble(SourceStudy study, Notices notices) {
        if ("INF_POS".equals(type)) {
            return Double.POSITIVE_INFINITY;
        }
        if ("INF_NEG".equals(type)) {
            return Double.NEGATIVE_INFINITY;
        }
        if ("FINITE".equals(type) && value == null) {
            // what SQLite makes of a NaN
            return null;
        }
        if ("FINITE".equals(type) && value instanceof Number finite) {
            return finite.doubleValue();
        }
        notices.once(("The trial with id %d of study %s has a value of the type %s that is not understood: it counts"
                        + " as undefined.")
                .formatted(trialId, Quoted.of(study.name()), Quoted.of(String.valueOf(type))));
        return null;
    }
}
