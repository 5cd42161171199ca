package io.pipelinev2.store;

import static io.pipelinev2.store.schema.Tables.FINDINGS;

import io.pipelinev2.core.store.Finding;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jooq.DSLContext;
import org.jooq.Record;

/** The table {@code findings}. */
final class FindingRows {

    private final DSLContext sql;

    FindingRows(DSLContext sql) {
        this.sql = sql;
    }

    List<Finding> of(long trialId) {
        // sorted here: databases differ in the order of text
        return sql
                .select(FINDINGS.fields())
                .from(FINDINGS)
                .where(FINDINGS.TRIAL_ID.eq(trialId))
                .fetch(FindingRows::finding)
                .stream()
                .sorted(Comparator.comparing(Finding::name))
                .toList();
    }

    Map<Long, String> objections(String name) {
        Map<Long, String> objections = new TreeMap<>();
        sql.select(FINDINGS.TRIAL_ID, FINDINGS.OBJECTION)
                .from(FINDINGS)
                .where(FINDINGS.NAME.eq(name))
                .forEach(row -> objections.put(row.value1(), row.value2() == null ? "" : row.value2()));
        return objections;
    }

    void put(Finding finding) {
        String content = Json.ofResults(finding.content());
        sql.insertInto(FINDINGS)
                .set(FINDINGS.TRIAL_ID, finding.trialId())
                .set(FINDINGS.NAME, finding.name())
                .set(FINDINGS.UPDATED_AT, finding.updatedAt())
                .set(FINDINGS.OBJECTION, finding.objection())
                .set(FINDINGS.CONTENT, content)
                .onConflict(FINDINGS.TRIAL_ID, FINDINGS.NAME)
                .doUpdate()
                .set(FINDINGS.UPDATED_AT, finding.updatedAt())
                .set(FINDINGS.OBJECTION, finding.objection())
                .set(FINDINGS.CONTENT, content)
                .execute();
    }

    private static Finding finding(Record row) {
        return new Finding(
                row.get(FINDINGS.TRIAL_ID),
                row.get(FINDINGS.NAME),
                row.get(FINDINGS.OBJECTION),
                Json.ofContent(row.get(FINDINGS.CONTENT)),
                row.get(FINDINGS.UPDATED_AT));
    }
}
