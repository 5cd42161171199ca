package io.pipelinev2.store;

import static io.pipelinev2.store.schema.Tables.HEALTH;

import io.pipelinev2.core.monitoring.HealthReport;
import java.util.Comparator;
import java.util.List;
import org.jooq.DSLContext;
import org.jooq.Record;
import org.jooq.impl.DSL;

/** The table {@code health}. */
final class HealthRows {

    private final DSLContext sql;

    HealthRows(DSLContext sql) {
        this.sql = sql;
    }

    List<HealthReport> latest() {
        var latest = sql.select(DSL.max(HEALTH.ID)).from(HEALTH).groupBy(HEALTH.COMPONENT);
        // sorted here: databases differ in the order of text
        return sql.select(HEALTH.fields()).from(HEALTH).where(HEALTH.ID.in(latest)).fetch(HealthRows::report).stream()
                .sorted(Comparator.comparing(HealthReport::component))
                .toList();
    }

    void append(HealthReport report) {
        sql.insertInto(HEALTH)
                .set(HEALTH.TIMESTAMP, report.at())
                .set(HEALTH.COMPONENT, report.component())
                .set(HEALTH.STATUS, report.status())
                .set(HEALTH.MESSAGE, report.message())
                .execute();
    }

    private static HealthReport report(Record row) {
        return new HealthReport(
                row.get(HEALTH.COMPONENT), row.get(HEALTH.STATUS), row.get(HEALTH.MESSAGE), row.get(HEALTH.TIMESTAMP));
    }
}
