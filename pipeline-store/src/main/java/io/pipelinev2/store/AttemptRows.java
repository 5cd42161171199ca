package io.pipelinev2.store;

import static io.pipelinev2.store.HotStatement.value;
import static io.pipelinev2.store.schema.Tables.ATTEMPTS;

import io.pipelinev2.core.store.Attempt;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jooq.Record2;
import org.jooq.impl.DSL;

/** The table {@code attempts}. */
final class AttemptRows {

    private static final HotStatement FIND = HotStatement.of(sql -> sql.select(ATTEMPTS.fields())
            .from(ATTEMPTS)
            .where(ATTEMPTS.STAGE_ID.eq(value(ATTEMPTS.STAGE_ID)), ATTEMPTS.TOKEN.eq(value(ATTEMPTS.TOKEN))));

    private static final HotStatement INSERT = HotStatement.of(sql -> sql.insertInto(ATTEMPTS)
            .set(ATTEMPTS.STAGE_ID, value(ATTEMPTS.STAGE_ID))
            .set(ATTEMPTS.TRIAL_ID, value(ATTEMPTS.TRIAL_ID))
            .set(ATTEMPTS.STAGE_NAME, value(ATTEMPTS.STAGE_NAME))
            .set(ATTEMPTS.NUMBER, value(ATTEMPTS.NUMBER))
            .set(ATTEMPTS.TOKEN, value(ATTEMPTS.TOKEN))
            .set(ATTEMPTS.RUNNER, value(ATTEMPTS.RUNNER))
            .set(ATTEMPTS.HOST, value(ATTEMPTS.HOST))
            .set(ATTEMPTS.STARTED_AT, value(ATTEMPTS.STARTED_AT))
            .set(ATTEMPTS.ENDED_AT, value(ATTEMPTS.ENDED_AT))
            .set(ATTEMPTS.OUTCOME, value(ATTEMPTS.OUTCOME))
            .set(ATTEMPTS.ERROR, value(ATTEMPTS.ERROR))
            .set(ATTEMPTS.STACK_TRACE, value(ATTEMPTS.STACK_TRACE)));

    private static final HotStatement UPDATE = HotStatement.of(sql -> sql.update(ATTEMPTS)
            .set(ATTEMPTS.ENDED_AT, value(ATTEMPTS.ENDED_AT))
            .set(ATTEMPTS.OUTCOME, value(ATTEMPTS.OUTCOME))
            .set(ATTEMPTS.ERROR, value(ATTEMPTS.ERROR))
            .set(ATTEMPTS.STACK_TRACE, value(ATTEMPTS.STACK_TRACE))
            .where(ATTEMPTS.ID.eq(value(ATTEMPTS.ID))));

    private final Sql sql;

    AttemptRows(Sql sql) {
        this.sql = sql;
    }

    List<Attempt> of(long trialId) {
        return List.copyOf(sql.jooq()
                .select(ATTEMPTS.fields())
                .from(ATTEMPTS)
                .where(ATTEMPTS.TRIAL_ID.eq(trialId))
                .orderBy(ATTEMPTS.STARTED_AT, ATTEMPTS.ID)
                .fetch(row -> attempt(Row.of(row))));
    }

    Optional<Attempt> find(long stageId, long token) {
        return FIND.fetchOptional(sql, AttemptRows::attempt, stageId, token);
    }

    Attempt insert(Attempt attempt) {
        INSERT.execute(
                sql,
                attempt.stageId(),
                attempt.trialId(),
                attempt.stage(),
                attempt.number(),
                attempt.token(),
                attempt.runner(),
                attempt.host(),
                attempt.startedAt(),
                attempt.endedAt(),
                attempt.outcome(),
                attempt.error(),
                attempt.stackTrace());
        return attempt.withId(sql.lastId());
    }

    void update(Attempt attempt) {
        int rows = UPDATE.execute(
                sql, attempt.endedAt(), attempt.outcome(), attempt.error(), attempt.stackTrace(), attempt.id());
        Checks.changed(rows, "attempt", attempt.id(), "stored");
    }

    List<Attempt> unended() {
        return List.copyOf(sql.jooq()
                .select(ATTEMPTS.fields())
                .from(ATTEMPTS)
                .where(ATTEMPTS.OUTCOME.eq(Attempt.Outcome.RUNNING).or(ATTEMPTS.ENDED_AT.isNull()))
                .orderBy(ATTEMPTS.ID)
                .fetch(row -> attempt(Row.of(row))));
    }

    Map<Long, Long> latestTokens() {
        return sql.jooq()
                .select(ATTEMPTS.STAGE_ID, DSL.max(ATTEMPTS.TOKEN))
                .from(ATTEMPTS)
                .groupBy(ATTEMPTS.STAGE_ID)
                .fetchMap(Record2::value1, Record2::value2);
    }

    void delete(Attempt attempt) {
        sql.jooq().deleteFrom(ATTEMPTS).where(ATTEMPTS.ID.eq(attempt.id())).execute();
    }

    int prune(Instant before, int limit) {
        return sql.jooq()
                .deleteFrom(ATTEMPTS)
                .where(ATTEMPTS.ID.in(DSL.select(ATTEMPTS.ID)
                        .from(ATTEMPTS)
                        .where(ATTEMPTS.ENDED_AT.lt(before), TrialRows.isOver(ATTEMPTS.TRIAL_ID))
                        .limit(limit)))
                .execute();
    }

    private static Attempt attempt(Row row) {
        return new Attempt(
                row.get(ATTEMPTS.ID),
                row.get(ATTEMPTS.STAGE_ID),
                row.get(ATTEMPTS.TRIAL_ID),
                row.get(ATTEMPTS.STAGE_NAME),
                row.get(ATTEMPTS.NUMBER),
                row.get(ATTEMPTS.TOKEN),
                row.get(ATTEMPTS.RUNNER),
                row.get(ATTEMPTS.HOST),
                row.get(ATTEMPTS.STARTED_AT),
                row.get(ATTEMPTS.ENDED_AT),
                row.get(ATTEMPTS.OUTCOME),
                row.get(ATTEMPTS.ERROR),
                row.get(ATTEMPTS.STACK_TRACE));
    }
}
