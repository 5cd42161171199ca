package io.pipelinev2.store;

import static io.pipelinev2.store.schema.Tables.ATTEMPTS;

import io.pipelinev2.core.stage.Attempt;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jooq.DSLContext;
import org.jooq.Record;
import org.jooq.Record2;
import org.jooq.impl.DSL;

/** The table {@code attempts}. */
final class AttemptRows {

    private final DSLContext sql;

    AttemptRows(DSLContext sql) {
        this.sql = sql;
    }

    List<Attempt> of(long trialId) {
        return List.copyOf(sql.select(ATTEMPTS.fields())
                .from(ATTEMPTS)
                .where(ATTEMPTS.TRIAL_ID.eq(trialId))
                .orderBy(ATTEMPTS.STARTED_AT, ATTEMPTS.ID)
                .fetch(AttemptRows::attempt));
    }

    Optional<Attempt> find(long stageId, long token) {
        return sql.select(ATTEMPTS.fields())
                .from(ATTEMPTS)
                .where(ATTEMPTS.STAGE_ID.eq(stageId), ATTEMPTS.TOKEN.eq(token))
                .fetchOptional(AttemptRows::attempt);
    }

    List<Attempt> unended() {
        return List.copyOf(sql.select(ATTEMPTS.fields())
                .from(ATTEMPTS)
                .where(ATTEMPTS.OUTCOME.eq(Attempt.Outcome.RUNNING).or(ATTEMPTS.ENDED_AT.isNull()))
                .orderBy(ATTEMPTS.ID)
                .fetch(AttemptRows::attempt));
    }

    Map<Long, Long> latestTokens() {
        return sql.select(ATTEMPTS.STAGE_ID, DSL.max(ATTEMPTS.TOKEN))
                .from(ATTEMPTS)
                .groupBy(ATTEMPTS.STAGE_ID)
                .fetchMap(Record2::value1, Record2::value2);
    }

    Attempt insert(Attempt attempt) {
        sql.insertInto(ATTEMPTS)
                .set(ATTEMPTS.STAGE_ID, attempt.stageId())
                .set(ATTEMPTS.TRIAL_ID, attempt.trialId())
                .set(ATTEMPTS.STAGE_NAME, attempt.stage())
                .set(ATTEMPTS.NUMBER, attempt.number())
                .set(ATTEMPTS.TOKEN, attempt.token())
                .set(ATTEMPTS.RUNNER, attempt.runner())
                .set(ATTEMPTS.HOST, attempt.host())
                .set(ATTEMPTS.STARTED_AT, attempt.startedAt())
                .set(ATTEMPTS.ENDED_AT, attempt.endedAt())
                .set(ATTEMPTS.OUTCOME, attempt.outcome())
                .set(ATTEMPTS.ERROR, attempt.error())
                .set(ATTEMPTS.STACK_TRACE, attempt.stackTrace())
                .execute();
        return attempt.withId(sql.lastID().longValueExact());
    }

    void update(Attempt attempt) {
        int rows = sql.update(ATTEMPTS)
                .set(ATTEMPTS.ENDED_AT, attempt.endedAt())
                .set(ATTEMPTS.OUTCOME, attempt.outcome())
                .set(ATTEMPTS.ERROR, attempt.error())
                .set(ATTEMPTS.STACK_TRACE, attempt.stackTrace())
                .where(ATTEMPTS.ID.eq(attempt.id()))
                .execute();
        Checks.changed(rows, "attempt", attempt.id(), "stored");
    }

    void delete(Attempt attempt) {
        sql.deleteFrom(ATTEMPTS).where(ATTEMPTS.ID.eq(attempt.id())).execute();
    }

    int prune(Instant before, int limit) {
        return sql.deleteFrom(ATTEMPTS)
                .where(ATTEMPTS.ID.in(DSL.select(ATTEMPTS.ID)
                        .from(ATTEMPTS)
                        .where(ATTEMPTS.ENDED_AT.lt(before), TrialRows.isOver(ATTEMPTS.TRIAL_ID))
                        .limit(limit)))
                .execute();
    }

    private static Attempt attempt(Record row) {
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
