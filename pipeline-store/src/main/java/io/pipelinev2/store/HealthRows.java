package io.pipelinev2.store;

import static io.pipelinev2.store.schema.Tables.HEALTH;

import io.pipelinev2.core.monitoring.HealthReport;
import io.pipelinev2.store.schema.tables.Health;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jooq.DSLContext;
import org.jooq.Record;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;

/** The table {@code health}. */
final class HealthRows {

    private final DSLContext sql;

    HealthRows(DSLContext sql) {
        this.sql = sql;
    }

    /** Steps from one component to the next in the index, whatever the number of reports between them. */
    List<HealthReport> latest() {
        List<HealthReport> latest = new ArrayList<>();
        String component = nextComponent("");
        while (component != null) {
            latest.add(sql.select(HEALTH.fields())
                    .from(HEALTH)
                    .where(HEALTH.COMPONENT.eq(component))
                    .orderBy(HEALTH.ID.desc())
                    .limit(1)
                    .fetchSingle(HealthRows::report));
            component = nextComponent(component);
        }
        // sorted here: databases differ in the order of text
        latest.sort(Comparator.comparing(HealthReport::component));
        return List.copyOf(latest);
    }

    List<HealthReport> newest(@Nullable String component, int limit) {
        return List.copyOf(sql.select(HEALTH.fields())
                .from(HEALTH)
                .where(component == null ? DSL.noCondition() : HEALTH.COMPONENT.eq(component))
                .orderBy(HEALTH.ID.desc())
                .limit(limit)
                .fetch(HealthRows::report));
    }

    private @Nullable String nextComponent(String after) {
        return sql.select(DSL.min(HEALTH.COMPONENT))
                .from(HEALTH)
                .where(HEALTH.COMPONENT.gt(after))
                .fetchSingle()
                .value1();
    }

    int prune(Instant before, int limit) {
        Health later = HEALTH.as("later");
        return sql.deleteFrom(HEALTH)
                .where(HEALTH.ID.in(DSL.select(HEALTH.ID)
                        .from(HEALTH)
                        .where(
                                HEALTH.TIMESTAMP.lt(before),
                                DSL.exists(DSL.selectOne()
                                        .from(later)
                                        .where(later.COMPONENT.eq(HEALTH.COMPONENT), later.ID.gt(HEALTH.ID))))
                        .limit(limit)))
                .execute();
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
