package io.pipelinev2.store;

import static io.pipelinev2.store.schema.Tables.PROCESS_RUNS;

import io.pipelinev2.core.deployment.ProcessIdentity;
import io.pipelinev2.core.deployment.ProcessRun;
import java.util.List;
import org.jooq.DSLContext;
import org.jooq.Record;

/** The table {@code process_runs}. */
final class ProcessRunRows {

    private final DSLContext sql;

    ProcessRunRows(DSLContext sql) {
        this.sql = sql;
    }

    List<ProcessRun> of(long deploymentId) {
        return List.copyOf(sql.select(PROCESS_RUNS.fields())
                .from(PROCESS_RUNS)
                .where(PROCESS_RUNS.DEPLOYMENT_ID.eq(deploymentId))
                .orderBy(PROCESS_RUNS.ID)
                .fetch(ProcessRunRows::run));
    }

    ProcessRun insert(ProcessRun run) {
        sql.insertInto(PROCESS_RUNS)
                .set(PROCESS_RUNS.DEPLOYMENT_ID, run.deploymentId())
                .set(PROCESS_RUNS.PROCESS_BOOT, run.process().bootId())
                .set(PROCESS_RUNS.PROCESS_ID, run.process().pid())
                .set(PROCESS_RUNS.PROCESS_TICKS, run.process().startTicks())
                .set(PROCESS_RUNS.PROCESS_NONCE, run.process().nonce())
                .set(PROCESS_RUNS.STARTED_AT, run.startedAt())
                .set(PROCESS_RUNS.ENDED_AT, run.endedAt())
                .set(PROCESS_RUNS.EXIT_CODE, run.exitCode())
                .set(PROCESS_RUNS.CRASHED, run.crashed())
                .set(PROCESS_RUNS.END_REASON, run.end())
                .execute();
        return run.withId(sql.lastID().longValueExact());
    }

    void update(ProcessRun run) {
        int rows = sql.update(PROCESS_RUNS)
                .set(PROCESS_RUNS.ENDED_AT, run.endedAt())
                .set(PROCESS_RUNS.EXIT_CODE, run.exitCode())
                .set(PROCESS_RUNS.CRASHED, run.crashed())
                .set(PROCESS_RUNS.END_REASON, run.end())
                .where(PROCESS_RUNS.ID.eq(run.id()))
                .execute();
        Checks.changed(rows, "process run", run.id(), "stored");
    }

    private static ProcessRun run(Record row) {
        return new ProcessRun(
                row.get(PROCESS_RUNS.ID),
                row.get(PROCESS_RUNS.DEPLOYMENT_ID),
                new ProcessIdentity(
                        row.get(PROCESS_RUNS.PROCESS_BOOT),
                        row.get(PROCESS_RUNS.PROCESS_ID),
                        row.get(PROCESS_RUNS.PROCESS_TICKS),
                        row.get(PROCESS_RUNS.PROCESS_NONCE)),
                row.get(PROCESS_RUNS.STARTED_AT),
                row.get(PROCESS_RUNS.ENDED_AT),
                row.get(PROCESS_RUNS.EXIT_CODE),
                row.get(PROCESS_RUNS.CRASHED),
                row.get(PROCESS_RUNS.END_REASON));
    }
}
