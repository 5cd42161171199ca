package io.pipelinev2.store;

import static io.pipelinev2.store.schema.Tables.STAGE_HOLDS;

import io.pipelinev2.core.stage.StageHold;
import java.util.Comparator;
import java.util.List;

/** The table {@code stage_holds}. */
final class StageHoldRows {

    private static final HotStatement ALL =
            HotStatement.of(sql -> sql.select(STAGE_HOLDS.fields()).from(STAGE_HOLDS));

    private final Sql sql;

    StageHoldRows(Sql sql) {
        this.sql = sql;
    }

    List<StageHold> all() {
        // sorted here: databases differ in the order of text
        return ALL.fetch(sql, StageHoldRows::hold).stream()
                .sorted(Comparator.comparing(StageHold::stage))
                .toList();
    }

    void put(StageHold hold) {
        delete(hold);
        sql.jooq()
                .insertInto(STAGE_HOLDS)
                .set(STAGE_HOLDS.STAGE_NAME, hold.stage())
                .set(STAGE_HOLDS.KIND, hold.kind())
                .set(STAGE_HOLDS.REASON, hold.reason())
                .set(STAGE_HOLDS.ACTOR, hold.actor())
                .set(STAGE_HOLDS.ORIGIN, hold.origin())
                .set(STAGE_HOLDS.SINCE, hold.since())
                .set(STAGE_HOLDS.PROBE_AT, hold.probeAt())
                .set(STAGE_HOLDS.PROBES, hold.probes())
                .execute();
    }

    void delete(StageHold hold) {
        sql.jooq()
                .deleteFrom(STAGE_HOLDS)
                .where(STAGE_HOLDS.STAGE_NAME.eq(hold.stage()))
                .execute();
    }

    private static StageHold hold(Row row) {
        return new StageHold(
                row.get(STAGE_HOLDS.STAGE_NAME),
                row.get(STAGE_HOLDS.KIND),
                row.get(STAGE_HOLDS.REASON),
                row.get(STAGE_HOLDS.ACTOR),
                row.get(STAGE_HOLDS.ORIGIN),
                row.get(STAGE_HOLDS.SINCE),
                row.get(STAGE_HOLDS.PROBE_AT),
                row.get(STAGE_HOLDS.PROBES));
    }
}
