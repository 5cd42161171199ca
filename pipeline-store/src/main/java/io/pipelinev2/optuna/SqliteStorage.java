package io.pipelinev2.optuna;

import io.pipelinev2.core.trial.SourceStudy;
import io.pipelinev2.core.trial.SourceTrial;
import io.pipelinev2.core.trial.TrialCounts;
import io.pipelinev2.core.trial.TrialHeader;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Optuna's tables in an SQLite file. Columns are always named: files that were migrated have them in another order. */
final class SqliteStorage implements OptunaStorage {

    private static final String STUDIES = """
            select s.study_id, s.study_name, d.direction
            from studies s left join study_directions d on d.study_id = s.study_id
            where s.study_name is not null
            order by s.study_id, d.objective
            """;

    // A left join, because an upgrade by Optuna deletes the value rows that were NaN: those trials finished all the
    // same.
    private static final String COMPLETE_TRIALS = """
            select t.trial_id, t.number, t.datetime_start, v.objective, v.value, v.value_type
            from studies s
            join trials t on t.study_id = s.study_id
            left join trial_values v on v.trial_id = t.trial_id
            where s.study_id = ? and s.study_name = ? and t.state = 'COMPLETE'
            order by t.number, t.trial_id, v.objective
            """;

    private static final String TRIED = """
            select t.state, count(*)
            from studies s join trials t on t.study_id = s.study_id
            where s.study_id = ? and s.study_name = ? and t.state in ('COMPLETE', 'PRUNED')
            group by t.state
            """;

    private static final String PARAMETERS = """
            select param_name, param_value, distribution_json from trial_params where trial_id = ? order by param_id
            """;

    private static final String USER_ATTRIBUTES = """
            select "key", value_json from trial_user_attributes where trial_id = ? order by trial_user_attribute_id
            """;

    // "is": the start time may be null on both sides
    private static final String THIS_TRIAL = """
            select t.trial_id from trials t join studies s on s.study_id = t.study_id
            where t.trial_id = ? and t.number = ? and t.datetime_start is ? and t.state = 'COMPLETE'
            and s.study_id = ? and s.study_name = ?
            """;

    private final SqliteReader reader;
    private final Notices notices;

    SqliteStorage(SqliteReader reader, Notices notices) {
        this.reader = reader;
        this.notices = notices;
    }

    @Override
    public List<SourceStudy> studies() {
        List<StudyRow> rows = reader.read(connection -> Rows.fetch(
                connection, STUDIES, row -> new StudyRow(row.getLong(1), row.getString(2), row.getString(3))));
        return StudyRow.studies(rows, notices);
    }

    @Override
    public List<TrialHeader> completeTrials(SourceStudy study) {
        List<ValueRow> rows = reader.read(connection -> Rows.fetch(
                connection,
                COMPLETE_TRIALS,
                // Text and numbers as they are: getDouble would make 0.0 of the NULL that stands for an infinity, and
                // getTimestamp takes the six digits of the fraction for milliseconds.
                row -> new ValueRow(
                        row.getLong(1),
                        row.getObject(2),
                        row.getString(3),
                        row.getInt(4),
                        row.getObject(5),
                        row.getString(6)),
                study.id(),
                study.name()));
        return ValueRow.headers(study, rows, notices);
    }

    @Override
    public TrialCounts counts(SourceStudy study) {
        Map<String, Long> byState = new HashMap<>();
        reader.read(connection -> Rows.fetch(
                        connection,
                        TRIED,
                        row -> Map.entry(row.getString(1), row.getLong(2)),
                        study.id(),
                        study.name()))
                .forEach(state -> byState.put(state.getKey(), state.getValue()));
        return new TrialCounts(byState.getOrDefault("COMPLETE", 0L), byState.getOrDefault("PRUNED", 0L));
    }

    @Override
    public Optional<TrialRows> trial(SourceTrial trial) {
        return reader.read(connection -> {
            TrialRows rows = new TrialRows(
                    Rows.fetch(
                            connection,
                            PARAMETERS,
                            row -> new TrialRows.Parameter(row.getString(1), row.getObject(2), row.getString(3)),
                            trial.trialId()),
                    Rows.fetch(
                            connection,
                            USER_ATTRIBUTES,
                            row -> new TrialRows.Attribute(row.getString(1), row.getString(2)),
                            trial.trialId()));
            // Asked last: a trial that is still this one now was this one when its rows were read, since one that was
            // deleted never comes back. So no transaction is needed over the three.
            boolean still = !Rows.fetch(
                            connection,
                            THIS_TRIAL,
                            row -> row.getLong(1),
                            trial.trialId(),
                            trial.number(),
                            trial.startedAt(),
                            trial.studyId(),
                            trial.study())
                    .isEmpty();
            return still ? Optional.of(rows) : Optional.empty();
        });
    }
}
