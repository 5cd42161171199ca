package io.pipelinev2.store;

import static io.pipelinev2.store.schema.Tables.EVENTS;

import io.pipelinev2.core.monitoring.Event;
import io.pipelinev2.core.monitoring.EventType;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Record;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;

/** The table {@code events}. */
final class EventRows {

    private static final List<EventType> STEERING =
            Arrays.stream(EventType.values()).filter(EventType::steersRanking).toList();

    private final DSLContext sql;

    EventRows(DSLContext sql) {
        this.sql = sql;
    }

    List<Event> newest(@Nullable Long trialId, int limit) {
        return List.copyOf(sql.select(EVENTS.fields())
                .from(EVENTS)
                .where(trialId == null ? DSL.noCondition() : EVENTS.TRIAL_ID.eq(trialId))
                .orderBy(EVENTS.ID.desc())
                .limit(limit)
                .fetch(EventRows::event));
    }

    void append(Event event) {
        sql.insertInto(EVENTS)
                .set(EVENTS.TIMESTAMP, event.at())
                .set(EVENTS.TYPE, event.type())
                .set(EVENTS.TRIAL_ID, event.trialId())
                .set(EVENTS.STAGE_NAME, event.stage())
                .set(EVENTS.ACTOR, event.actor())
                .set(EVENTS.ORIGIN, event.origin())
                .set(EVENTS.MESSAGE, event.message())
                .execute();
    }

    int prune(Instant before, int limit) {
        Condition forgettable =
                EVENTS.TRIAL_ID.isNull().or(EVENTS.TYPE.notIn(STEERING).and(TrialRows.isOver(EVENTS.TRIAL_ID)));
        return sql.deleteFrom(EVENTS)
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
