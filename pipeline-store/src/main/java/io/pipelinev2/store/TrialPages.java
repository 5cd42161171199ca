package io.pipelinev2.store;

import static io.pipelinev2.store.schema.Tables.FIGURES;
import static io.pipelinev2.store.schema.Tables.STAGES;
import static io.pipelinev2.store.schema.Tables.STUDIES;
import static io.pipelinev2.store.schema.Tables.TRIALS;

import io.pipelinev2.core.stage.StageStatus;
import io.pipelinev2.core.store.TrialQuery;
import io.pipelinev2.core.store.TrialQuery.Place;
import io.pipelinev2.core.trial.Trial;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.ResultQuery;
import org.jooq.SQLDialect;
import org.jooq.SelectConditionStep;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;

/**
 * Lists of trials by page. A page begins after a place in the order rather than at a number of rows, so the last page costs
 * what the first does; every order has an index that ends with the id.
 */
final class TrialPages {

    private final DSLContext sql;
    private final TrialQuery query;
    private final @Nullable String figure;

    TrialPages(DSLContext sql, TrialQuery query) {
        this.sql = sql;
        this.query = query;
        this.figure = query.sort().figure();
    }

    TrialQuery.Page fetch() {
        List<TrialQuery.Placed> found =
                new ArrayList<>(first().fetch(row -> placed(row, figure == null ? null : row.get(FIGURES.VALUE))));
        if ((query.sort() == TrialQuery.Sort.VALUE || figure != null) && found.size() <= query.limit()) {
            found.addAll(withoutValue().fetch(row -> placed(row, null)));
        }
        return TrialQuery.Page.of(found, query.limit());
    }

    private TrialQuery.Placed placed(Record row, @Nullable Double value) {
        Trial trial = TrialRows.trial(Row.of(row));
        return new TrialQuery.Placed(trial, figure == null ? Place.of(trial) : Place.of(trial, value));
    }

    /** The first question that is asked; by value or figure, those without one are asked for after it. */
    ResultQuery<Record> first() {
        Place after = query.after();
        return switch (query.sort()) {
            case DISCOVERED -> select(after == null ? DSL.noCondition() : beyond(TRIALS.TRIAL_ID, after.id()));
            case NUMBER ->
                select(
                        after == null
                                ? DSL.noCondition()
                                : beyond(TRIALS.TRIAL_NUMBER, after.number(), TRIALS.TRIAL_ID, after.id()),
                        TRIALS.TRIAL_NUMBER);
            case UPDATED ->
                select(
                        after == null
                                ? DSL.noCondition()
                                : beyond(TRIALS.UPDATED_AT, after.updatedAt(), TRIALS.TRIAL_ID, after.id()),
                        TRIALS.UPDATED_AT);
            case VALUE ->
                select(TRIALS.VALUE.isNotNull().and(beyondValue(TRIALS.VALUE, TRIALS.TRIAL_ID, after)), TRIALS.VALUE);
            case SHARPE, MAX_DRAWDOWN, TRADES ->
                ordered(
                        TrialRows.select(sql, FIGURES.VALUE)
                                .join(FIGURES)
                                .on(FIGURES.TRIAL_ID.eq(TRIALS.TRIAL_ID))
                                .where(
                                        FIGURES.NAME.eq(DSL.inline(figure)),
                                        beyondValue(FIGURES.VALUE, FIGURES.TRIAL_ID, after),
                                        filter()),
                        FIGURES.VALUE,
                        FIGURES.TRIAL_ID);
        };
    }

    private Condition beyondValue(Field<Double> field, Field<Long> id, @Nullable Place after) {
        if (after == null) {
            return DSL.noCondition();
        }
        Double value = after.value();
        return value == null ? DSL.falseCondition() : beyond(field, value, id, after.id());
    }

    /** Apart, because databases differ in where nulls come. */
    private ResultQuery<Record> withoutValue() {
        Place after = query.after();
        Condition from =
                after == null || after.value() != null ? DSL.noCondition() : beyond(TRIALS.TRIAL_ID, after.id());
        Condition without = figure == null
                ? TRIALS.VALUE.isNull()
                : DSL.notExists(DSL.selectOne()
                        .from(FIGURES)
                        .where(FIGURES.TRIAL_ID.eq(TRIALS.TRIAL_ID), FIGURES.NAME.eq(DSL.inline(figure))));
        return select(without.and(from));
    }

    private ResultQuery<Record> select(Condition from, Field<?>... by) {
        List<Field<?>> order = new ArrayList<>(List.of(by));
        order.add(TRIALS.TRIAL_ID);
        return ordered(TrialRows.select(sql).where(from, filter()), order.toArray(Field<?>[]::new));
    }

    private ResultQuery<Record> ordered(SelectConditionStep<Record> select, Field<?>... order) {
        return select.orderBy(Stream.of(order)
                        .map(field -> query.descending() ? field.desc() : field.asc())
                        .toList())
                .limit(query.limit() + 1);
    }

    private <T> Condition beyond(Field<T> field, T value) {
        return query.descending() ? field.lt(value) : field.gt(value);
    }

    /** The first condition alone is what an index is searched by. */
    private <T> Condition beyond(Field<T> field, T value, Field<Long> idField, long id) {
        Condition near = query.descending() ? field.le(value) : field.ge(value);
        return near.and(beyond(field, value).or(field.eq(value).and(beyond(idField, id))));
    }

    private Condition filter() {
        List<Condition> all = new ArrayList<>();
        if (query.study() != null) {
            all.add(STUDIES.LABEL.eq(query.study()));
        }
        if (query.number() != null) {
            all.add(TRIALS.TRIAL_NUMBER.eq(query.number()));
        }
        if (!query.statuses().isEmpty()) {
            all.add(TRIALS.STATUS.in(query.statuses()));
        }
        if (query.stage() != null) {
            all.add(TRIALS.TRIAL_ID.in(
                    DSL.select(STAGES.TRIAL_ID).from(STAGES).where(STAGES.STAGE_NAME.eq(query.stage()), stands())));
        }
        if (!query.text().isEmpty()) {
            all.add(mentions());
        }
        return DSL.and(all);
    }

    private Condition stands() {
        StageStatus status = query.stageStatus();
        return status != null
                ? STAGES.STATUS.eq(status)
                : STAGES.STATUS
                        .in(StageStatus.RUNNING, StageStatus.FAILED)
                        .or(STAGES.STATUS.eq(StageStatus.PENDING).and(STAGES.DUE_AT.isNotNull()));
    }

    /**
     * What is said of trials lies in three tables. The two that can be looked through once are, rather than once for every
     * trial; of stages, only those of which anything is said.
     */
    private Condition mentions() {
        return TRIALS.STUDY_ID
                .in(DSL.select(STUDIES.ID).from(STUDIES).where(mentions(STUDIES.LABEL)))
                .or(mentions(TRIALS.REASON))
                .or(mentions(TRIALS.HELD_REASON))
                .or(TRIALS.TRIAL_ID.in(DSL.select(STAGES.TRIAL_ID)
                        .from(STAGES)
                        .where(
                                STAGES.ERROR_MESSAGE.isNotNull().or(STAGES.REASON.isNotNull()),
                                mentions(STAGES.ERROR_MESSAGE).or(mentions(STAGES.REASON)))));
    }

    /** SQLite's own comparison does not tell capital letters of English from small ones; making them small takes as long again. */
    private Condition mentions(Field<String> said) {
        return sql.family() == SQLDialect.SQLITE ? said.contains(query.text()) : said.containsIgnoreCase(query.text());
    }
}
