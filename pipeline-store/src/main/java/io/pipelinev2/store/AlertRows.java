package io.pipelinev2.store;

import static io.pipelinev2.store.schema.Tables.ALERTS;
import static io.pipelinev2.store.schema.Tables.ALERT_DELIVERIES;

import io.pipelinev2.core.store.Alert;
import io.pipelinev2.core.store.StaleStateException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Record;
import org.jspecify.annotations.Nullable;

/** The table {@code alerts}. */
final class AlertRows {

    private final DSLContext sql;

    AlertRows(DSLContext sql) {
        this.sql = sql;
    }

    List<Alert> open() {
        return List.copyOf(sql.select(ALERTS.fields())
                .from(ALERTS)
                .where(ALERTS.RESOLVED_AT.isNull())
                .orderBy(ALERTS.ID)
                .fetch(AlertRows::alert));
    }

    List<Alert> newest(int limit) {
        return List.copyOf(sql.select(ALERTS.fields())
                .from(ALERTS)
                .orderBy(ALERTS.ID.desc())
                .limit(limit)
                .fetch(AlertRows::alert));
    }

    Optional<Alert> find(long id) {
        return sql.select(ALERTS.fields()).from(ALERTS).where(ALERTS.ID.eq(id)).fetchOptional(AlertRows::alert);
    }

    Optional<Alert> newestOf(String rule, String subject) {
        return sql.select(ALERTS.fields())
                .from(ALERTS)
                .where(ALERTS.RULE.eq(rule), ALERTS.SUBJECT.eq(subject))
                .orderBy(ALERTS.ID.desc())
                .limit(1)
                .fetchOptional(AlertRows::alert);
    }

    Alert insert(Alert alert) {
        sql.insertInto(ALERTS)
                .set(ALERTS.RULE, alert.rule())
                .set(ALERTS.SUBJECT, alert.subject())
                .set(ALERTS.OPENED_AT, alert.openedAt())
                .set(changing(alert))
                .execute();
        return newestOf(alert.rule(), alert.subject()).orElseThrow();
    }

    void update(Alert alert) {
        int rows = sql.update(ALERTS)
                .set(changing(alert))
                .where(ALERTS.ID.eq(alert.id()))
                .execute();
        if (rows == 0) {
            throw new StaleStateException("There is no alert " + alert.id() + " any more.");
        }
    }

    private static Map<Field<?>, @Nullable Object> changing(Alert alert) {
        Map<Field<?>, @Nullable Object> values = new HashMap<>();
        values.put(ALERTS.SEVERITY, alert.severity());
        values.put(ALERTS.MESSAGE, alert.message());
        values.put(ALERTS.UPDATED_AT, alert.updatedAt());
        values.put(ALERTS.ABSENT_SINCE, alert.absentSince());
        values.put(ALERTS.RESOLVED_AT, alert.resolvedAt());
        values.put(ALERTS.NOTICES, alert.notices());
        values.put(ALERTS.LAST_NOTICE, alert.lastNotice());
        values.put(ALERTS.NOTICED_AT, alert.noticedAt());
        values.put(ALERTS.REMIND_AT, alert.remindAt());
        values.put(ALERTS.ACKNOWLEDGED_BY, alert.acknowledgedBy());
        values.put(ALERTS.SILENCED_UNTIL, alert.silencedUntil());
        values.put(ALERTS.SILENCED_BY, alert.silencedBy());
        return values;
    }

    /** Forgets resolved alerts, and what was said of them. */
    int prune(Instant before, int limit) {
        List<Long> old = sql.select(ALERTS.ID)
                .from(ALERTS)
                .where(ALERTS.RESOLVED_AT.lt(before))
                .limit(limit)
                .fetch(ALERTS.ID);
        if (old.isEmpty()) {
            return 0;
        }
        sql.deleteFrom(ALERT_DELIVERIES)
                .where(ALERT_DELIVERIES.ALERT_ID.in(old))
                .execute();
        return sql.deleteFrom(ALERTS).where(ALERTS.ID.in(old)).execute();
    }

    private static Alert alert(Record row) {
        return new Alert(
                row.get(ALERTS.ID),
                row.get(ALERTS.RULE),
                row.get(ALERTS.SUBJECT),
                row.get(ALERTS.SEVERITY),
                row.get(ALERTS.MESSAGE),
                row.get(ALERTS.OPENED_AT),
                row.get(ALERTS.UPDATED_AT),
                row.get(ALERTS.ABSENT_SINCE),
                row.get(ALERTS.RESOLVED_AT),
                row.get(ALERTS.NOTICES),
                row.get(ALERTS.LAST_NOTICE),
                row.get(ALERTS.NOTICED_AT),
                row.get(ALERTS.REMIND_AT),
                row.get(ALERTS.ACKNOWLEDGED_BY),
                row.get(ALERTS.SILENCED_UNTIL),
                row.get(ALERTS.SILENCED_BY));
    }
}
