package io.pipelinev2.store;

import static io.pipelinev2.store.schema.Tables.LEDGER;
import static org.jooq.impl.DSL.max;

import io.pipelinev2.core.deployment.LedgerEntry;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jooq.DSLContext;
import org.jooq.Record;

/** The table {@code ledger}. */
final class LedgerRows {

    private final DSLContext sql;

    LedgerRows(DSLContext sql) {
        this.sql = sql;
    }

    List<LedgerEntry> after(long deploymentId, long sequence, int limit) {
        return List.copyOf(sql.select(LEDGER.fields())
                .from(LEDGER)
                .where(LEDGER.DEPLOYMENT_ID.eq(deploymentId), LEDGER.SEQUENCE.gt(sequence))
                .orderBy(LEDGER.SEQUENCE)
                .limit(limit)
                .fetch(LedgerRows::entry));
    }

    long last(long deploymentId) {
        Long last = sql.select(max(LEDGER.SEQUENCE))
                .from(LEDGER)
                .where(LEDGER.DEPLOYMENT_ID.eq(deploymentId))
                .fetchSingle()
                .value1();
        return last == null ? 0 : last;
    }

    void append(List<LedgerEntry> entries) {
        Map<Long, Long> lasts = new HashMap<>();
        for (LedgerEntry entry : entries) {
            long last = lasts.computeIfAbsent(entry.deploymentId(), this::last);
            entry.requireAfter(last);
            lasts.put(entry.deploymentId(), entry.sequence());
            sql.insertInto(LEDGER)
                    .set(LEDGER.DEPLOYMENT_ID, entry.deploymentId())
                    .set(LEDGER.SEQUENCE, entry.sequence())
                    .set(LEDGER.RECORDED_AT, entry.at())
                    .set(LEDGER.KIND, entry.kind())
                    .set(LEDGER.STEP, entry.step())
                    .set(LEDGER.EQUITY, entry.equity())
                    .set(LEDGER.CONTENT, Json.ofResults(entry.content()))
                    .execute();
        }
    }

    private static LedgerEntry entry(Record row) {
        return new LedgerEntry(
                row.get(LEDGER.DEPLOYMENT_ID),
                row.get(LEDGER.SEQUENCE),
                row.get(LEDGER.KIND),
                row.get(LEDGER.RECORDED_AT),
                row.get(LEDGER.STEP),
                row.get(LEDGER.EQUITY),
                Json.ofContent(row.get(LEDGER.CONTENT)));
    }
}
