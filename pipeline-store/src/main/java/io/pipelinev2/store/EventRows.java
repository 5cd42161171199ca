package io.pipelinev2.store;

import static io.pipelinev2.store.HotStatement.value;
import static io.pipelinev2.store.schema.Tables.EVENTS;

import io.pipelinev2.core.monitoring.Event;
import io.pipelinev2.core.monitoring.EventType;
import io.pipelinev2.core.store.EventQuery;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.jooq.Condition;
import org.jooq.Record;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;

/** The table {@code events}. */
final class EventRows {

    private static final List<EventType> STEERING =
            Arrays.stream(EventType.values()).filter(EventType::steersRanking).toList();

    private static final HotStatement INSERT = HotStatement.of(sql -> sql.insertInto(EVENTS)
            .set(EVENTS.TIMESTAMP, value(EVENTS.TIMESTAMP))
            .set(EVENTS.TYPE, value(EVENTS.TYPE))
            .set(EVENTS.TRIAL_ID, value(EVENTS.TRIAL_ID))
            .set(EVENTS.STAGE_NAME, value(EVENTS.STAGE_NAME))
            .set(EVENTS.ACTOR, value(EVENTS.ACTOR))
            .set(EVENTS.ORIGIN, value(EVENTS.ORIGIN))
            .set(EVENTS.MESSAGE, value(EVENTS.MESSAGE)));

    private final Sql sql;

    EventRows(Sql sql) {
        this.sql = sql;
    }

    List<Event> newest(@Nullable Long trialId, int limit) {
        return List.copyOf(sql.jooq()
                .select(EVENTS.fields())
                .from(EVENTS)
                .where(trialId == null ? DSL.noCondition() : EVENTS.TRIAL_ID.eq(trialId))
                .orderBy(EVENTS.ID.desc())
                .limit(limit)
                .fetch(EventRows::event));
    }

    List<Event> newest(EventQuery query) {
        Long trial = query.trialId();
        Long before = query.before();
        return List.copyOf(sql.jooq()
                .select(EVENTS.fields())
                .from(EVENTS)
                .where(
                        trial == null ? DSL.noCondition() : EVENTS.TRIAL_ID.eq(trial),
                        before == null ? DSL.noCondition() : EVENTS.ID.lt(before),
                        query.types().isEmpty() ? DSL.noCondition() : EVENTS.TYPE.in(query.types()))
                .orderBy(EVENTS.ID.desc())
                .limit(query.limit())
                .fetch(EventRows::event));
    }

    void append(Event event) {
        INSERT.execute(
                sql,
                event.at(),
                event.type(),
                event.trialId(),
                event.stage(),
                event.actor(),
                event.origin(),
                event.message());
    }

    int prune(Instant before, int limit) {
        Condition forgettable =
                EVENTS.TRIAL_ID.isNull().or(EVENTS.TYPE.notIn(STEERING).and(TrialRows.isOver(EVENTS.TRIAL_ID)));
        return sql.jooq()
                .deleteFrom(EVENTS)
                .where(EVENTS.ID.in(DSL.select(EVENTS.ID)
                        .from(EVENTS)
                        .where(EVENTS.TIMESTAMP.lt(before), forgettable)
                        .limit(limit)))
                .execute();
    }

    private static Event event(Record row) {
        return new Event(
                row.get(EVENTS.ID),
                row.get(EVENTS.TIMESTAMP),
                row.get(EVENTS.TYPE),
                row.get(EVENTS.TRIAL_ID),
                row.get(EVENTS.STAGE_NAME),
                row.get(EVENTS.ACTOR),
                row.get(EVENTS.ORIGIN),
                row.get(EVENTS.MESSAGE));
    }
}
