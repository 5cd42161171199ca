package io.pipelinev2.store;

import static io.pipelinev2.store.schema.Tables.STUDIES;

import io.pipelinev2.core.store.Study;
import io.pipelinev2.core.trial.TrialCounts;
import java.util.List;
import java.util.Optional;
import org.jooq.DSLContext;
import org.jooq.Record;
import org.jspecify.annotations.Nullable;

/** The table {@code studies}. */
final class StudyRows {

    private final DSLContext sql;

    StudyRows(DSLContext sql) {
        this.sql = sql;
    }

    Optional<Study> newest(String storage, String name) {
        return sql.select(STUDIES.fields())
                .from(STUDIES)
                .where(STUDIES.STORAGE.eq(storage), STUDIES.NAME.eq(name))
                .orderBy(STUDIES.INCARNATION.desc())
                .limit(1)
                .fetchOptional(StudyRows::study);
    }

    List<Study> all() {
        return List.copyOf(
                sql.select(STUDIES.fields()).from(STUDIES).orderBy(STUDIES.ID).fetch(StudyRows::study));
    }

    Study insert(Study study) {
        TrialCounts counts = study.counts();
        sql.insertInto(STUDIES)
                .set(STUDIES.STORAGE, study.storage())
                .set(STUDIES.NAME, study.name())
                .set(STUDIES.LABEL, study.label())
                .set(STUDIES.SOURCE_ID, study.sourceId())
                .set(STUDIES.INCARNATION, study.incarnation())
                .set(STUDIES.DIRECTIONS, Json.ofDirections(study.directions()))
                .set(STUDIES.COMPLETE_TRIALS, counts == null ? null : counts.complete())
                .set(STUDIES.PRUNED_TRIALS, counts == null ? null : counts.pruned())
                .execute();
        return study.withId(sql.lastID().longValueExact());
    }

    void relabel(Study study, String label) {
        int rows = sql.update(STUDIES)
                .set(STUDIES.LABEL, label)
                .where(STUDIES.ID.eq(study.id()), STUDIES.LABEL.eq(study.label()))
                .execute();
        Checks.changed(rows, "study", study.id(), "labelled '" + study.label() + "'");
    }

    void count(Study study, @Nullable TrialCounts counts) {
        int rows = sql.update(STUDIES)
                .set(STUDIES.COMPLETE_TRIALS, counts == null ? null : counts.complete())
                .set(STUDIES.PRUNED_TRIALS, counts == null ? null : counts.pruned())
                .where(STUDIES.ID.eq(study.id()))
                .execute();
        Checks.changed(rows, "study", study.id(), "there");
    }

    private static @Nullable TrialCounts counts(Record row) {
        Long complete = row.get(STUDIES.COMPLETE_TRIALS);
        Long pruned = row.get(STUDIES.PRUNED_TRIALS);
        return complete == null || pruned == null ? null : new TrialCounts(complete, pruned);
    }

    private static Study study(Record row) {
        return new Study(
                row.get(STUDIES.ID),
                row.get(STUDIES.STORAGE),
                row.get(STUDIES.NAME),
                row.get(STUDIES.LABEL),
                row.get(STUDIES.SOURCE_ID),
                row.get(STUDIES.INCARNATION),
                Json.directions(row.get(STUDIES.DIRECTIONS)),
                counts(row));
    }
}
