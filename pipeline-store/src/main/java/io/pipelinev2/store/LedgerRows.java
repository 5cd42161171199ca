package io.pipelinev2.store;

import static io.pipelinev2.store.schema.Tables.LEDGER;
import static org.jooq.impl.DSL.max;

import io.pipelinev2.core.deployment.EquityPoint;
import io.pipelinev2.core.deployment.LedgerEntry;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jooq.DSLContext;
import org.jooq.Record;
import org.jooq.Record4;
import org.jooq.Result;

/** The table {@code ledger}. */
final class LedgerRows {

    private static final int CHUNK = 10_000;

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

    /** Without the entries' content, and not all at once: a year of minutes is half a million bars. */
    void equity(long deploymentId, Consumer<EquityPoint> each) {
        long last = 0;
        Result<Record4<Long, Long, Instant, Double>> chunk;
        do {
            chunk = sql.select(LEDGER.SEQUENCE, LEDGER.STEP, LEDGER.RECORDED_AT, LEDGER.EQUITY)
                    .from(LEDGER)
                    .where(
                            LEDGER.DEPLOYMENT_ID.eq(deploymentId),
                            LEDGER.SEQUENCE.gt(last),
                            LEDGER.STEP.isNotNull(),
                            LEDGER.EQUITY.isNotNull())
                    .orderBy(LEDGER.SEQUENCE)
                    .limit(CHUNK)
                    .fetch();
            for (Record4<Long, Long, Instant, Double> row : chunk) {
                last = row.value1();
                each.accept(new EquityPoint(row.value2(), row.value3(), row.value4()));
            }
        } while (chunk.size() == CHUNK);
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
