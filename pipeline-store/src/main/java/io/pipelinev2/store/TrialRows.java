package io.pipelinev2.store;

import static io.pipelinev2.store.HotStatement.value;
import static io.pipelinev2.store.schema.Tables.STUDIES;
import static io.pipelinev2.store.schema.Tables.TRIALS;

import io.pipelinev2.core.store.Transitions;
import io.pipelinev2.core.trial.SourceTrial;
import io.pipelinev2.core.trial.Trial;
import io.pipelinev2.core.trial.TrialKey;
import io.pipelinev2.core.trial.TrialStatus;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.SelectField;
import org.jooq.SelectOnConditionStep;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;

/** The table {@code trials}; the study's name and label are kept once, in {@code studies}. */
final class TrialRows {

    private static final HotStatement BY_ID =
            HotStatement.of(sql -> select(sql).where(TRIALS.TRIAL_ID.eq(value(TRIALS.TRIAL_ID))));

    private static final HotStatement UPDATE = HotStatement.of(sql -> sql.update(TRIALS)
            .set(TRIALS.STATUS, value(TRIALS.STATUS))
            .set(TRIALS.HELD_REASON, value(TRIALS.HELD_REASON))
            .set(TRIALS.PARKED, value(TRIALS.PARKED))
            .set(TRIALS.REASON, value(TRIALS.REASON))
            .set(TRIALS.UPDATED_AT, value(TRIALS.UPDATED_AT))
            .where(
                    TRIALS.TRIAL_ID.eq(value(TRIALS.TRIAL_ID)),
                    TRIALS.STATUS.eq(value(TRIALS.STATUS)),
                    TRIALS.PARKED.eq(value(TRIALS.PARKED))));

    private final Sql sql;

    TrialRows(Sql sql) {
        this.sql = sql;
    }

    Optional<Trial> find(long id) {
        return BY_ID.fetchOptional(sql, TrialRows::trial, id);
    }

    Optional<Trial> find(TrialKey key) {
        return select(sql.jooq())
                .where(STUDIES.LABEL.eq(key.study()), TRIALS.TRIAL_NUMBER.eq(key.number()))
                .fetchOptional(row -> trial(Row.of(row)));
    }

    List<Trial> all() {
        return where(DSL.noCondition());
    }

    List<Trial> of(long studyId) {
        return where(TRIALS.STUDY_ID.eq(studyId));
    }

    List<Trial> in(Collection<TrialStatus> statuses) {
        return where(TRIALS.STATUS.in(statuses));
    }

    Map<TrialStatus, Long> countByStatus() {
        Map<TrialStatus, Long> counts = new EnumMap<>(TrialStatus.class);
        sql.jooq()
                .select(TRIALS.STATUS, DSL.count())
                .from(TRIALS)
                .groupBy(TRIALS.STATUS)
                .forEach(row -> counts.put(row.value1(), row.value2().longValue()));
        return Map.copyOf(counts);
    }

    long latestBatch() {
        Long batch = sql.jooq()
                .select(DSL.max(TRIALS.BATCH))
                .from(TRIALS)
                .fetchSingle()
                .value1();
        return batch == null ? 0 : batch;
    }

    Trial insert(Trial trial) {
        sql.jooq()
                .insertInto(TRIALS)
                .set(TRIALS.STUDY_ID, trial.studyId())
                .set(TRIALS.TRIAL_NUMBER, trial.key().number())
                .set(TRIALS.VALUE, defined(trial.value()))
                .set(TRIALS.OBJECTIVE_VALUES, Json.ofObjectives(trial.values()))
                .set(TRIALS.DIRECTIONS, Json.ofDirections(trial.directions()))
                .set(TRIALS.STATUS, trial.status())
                .set(TRIALS.HELD_REASON, trial.heldReason())
                .set(TRIALS.PARKED, trial.parked())
                .set(TRIALS.REASON, trial.reason())
                .set(TRIALS.BATCH, trial.batch())
                .set(TRIALS.SOURCE_STUDY_ID, trial.source().studyId())
                .set(TRIALS.SOURCE_TRIAL_ID, trial.source().trialId())
                .set(TRIALS.SOURCE_STARTED_AT, trial.source().startedAt())
                .set(TRIALS.CREATED_AT, trial.createdAt())
                .set(TRIALS.UPDATED_AT, trial.updatedAt())
                .execute();
        return trial.withId(sql.lastId());
    }

    void update(Trial before, Trial after) {
        Transitions.check(before, after);
        int rows = UPDATE.execute(
                sql,
                after.status(),
                after.heldReason(),
                after.parked(),
                after.reason(),
                after.updatedAt(),
                before.id(),
                before.status(),
                before.parked());
        Checks.changed(
                rows,
                "trial",
                before.id(),
                (before.parked() ? "parked, " : "") + before.status().label());
    }

    /** That the pipeline is through with the trial of this id, and nothing of it runs. */
    static Condition isOver(Field<Long> trialId) {
        return DSL.exists(DSL.selectOne()
                .from(TRIALS)
                .where(TRIALS.TRIAL_ID.eq(trialId), TRIALS.STATUS.in(TrialStatus.COMPLETED, TrialStatus.FAILED)));
    }

    private static @Nullable Double defined(@Nullable Double value) {
        return value == null || value.isNaN() ? null : value;
    }

    private List<Trial> where(Condition condition) {
        // sorted here: databases differ in the order of text
        return select(sql.jooq()).where(condition).fetch(row -> trial(Row.of(row))).stream()
                .sorted(Comparator.comparing(Trial::key))
                .toList();
    }

    /** @param more what to read beside the trial */
    static SelectOnConditionStep<Record> select(DSLContext sql, SelectField<?>... more) {
        return sql.select(TRIALS.fields())
                .select(STUDIES.NAME, STUDIES.LABEL)
                .select(more)
                .from(TRIALS)
                .join(STUDIES)
                .on(STUDIES.ID.eq(TRIALS.STUDY_ID));
    }

    static Trial trial(Row row) {
        int number = row.get(TRIALS.TRIAL_NUMBER);
        return new Trial(
                row.get(TRIALS.TRIAL_ID),
                row.get(TRIALS.STUDY_ID),
                new TrialKey(row.get(STUDIES.LABEL), number),
                new SourceTrial(
                        row.get(STUDIES.NAME),
                        row.get(TRIALS.SOURCE_STUDY_ID),
                        row.get(TRIALS.SOURCE_TRIAL_ID),
                        number,
                        row.get(TRIALS.SOURCE_STARTED_AT)),
                Json.objectives(row.get(TRIALS.OBJECTIVE_VALUES)),
                Json.directions(row.get(TRIALS.DIRECTIONS)),
                row.get(TRIALS.STATUS),
                row.get(TRIALS.HELD_REASON),
                row.get(TRIALS.PARKED),
                row.get(TRIALS.REASON),
                row.get(TRIALS.BATCH),
                row.get(TRIALS.CREATED_AT),
                row.get(TRIALS.UPDATED_AT));
    }
}
