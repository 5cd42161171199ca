package io.pipelinev2.store;

import static io.pipelinev2.store.schema.Tables.DEPLOYMENTS;
import static io.pipelinev2.store.schema.Tables.STUDIES;
import static io.pipelinev2.store.schema.Tables.TRIALS;

import io.pipelinev2.core.deployment.Deployment;
import io.pipelinev2.core.deployment.ProcessIdentity;
import io.pipelinev2.core.store.Transitions;
import io.pipelinev2.core.trial.TrialKey;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.SelectOnConditionStep;
import org.jspecify.annotations.Nullable;

/** The table {@code deployments}. */
final class DeploymentRows {

    private static final long FIRST_VERSION = 1;

    private final DSLContext sql;

    DeploymentRows(DSLContext sql) {
        this.sql = sql;
    }

    List<Deployment> all() {
        return List.copyOf(select().orderBy(DEPLOYMENTS.ID).fetch(DeploymentRows::deployment));
    }

    Optional<Deployment> find(long id) {
        return select().where(DEPLOYMENTS.ID.eq(id)).fetchOptional(DeploymentRows::deployment);
    }

    Optional<Deployment> newestOf(long trialId) {
        return select().where(DEPLOYMENTS.TRIAL_ID.eq(trialId))
                .orderBy(DEPLOYMENTS.ID.desc())
                .limit(1)
                .fetchOptional(DeploymentRows::deployment);
    }

    Deployment insert(Deployment deployment) {
        sql.insertInto(DEPLOYMENTS)
                .set(DEPLOYMENTS.TRIAL_ID, deployment.trialId())
                .set(DEPLOYMENTS.VERSION, FIRST_VERSION)
                .set(DEPLOYMENTS.MODEL_SHA256, deployment.modelSha256())
                .set(DEPLOYMENTS.CREATED_AT, deployment.createdAt())
                .set(state(deployment))
                .execute();
        return deployment.stored(sql.lastID().longValueExact(), FIRST_VERSION);
    }

    Deployment update(Deployment before, Deployment after) {
        Transitions.check(before, after);
        long next = before.version() + 1;
        int rows = sql.update(DEPLOYMENTS)
                .set(DEPLOYMENTS.VERSION, next)
                .set(state(after))
                .where(DEPLOYMENTS.ID.eq(before.id()), DEPLOYMENTS.VERSION.eq(before.version()))
                .execute();
        Checks.changed(rows, "deployment", before.id(), "of version " + before.version());
        return after.stored(before.id(), next);
    }

    /** All but identity, model and version. */
    private static Map<Field<?>, @Nullable Object> state(Deployment deployment) {
        ProcessIdentity process = deployment.process();
        Map<Field<?>, @Nullable Object> columns = new LinkedHashMap<>();
        columns.put(DEPLOYMENTS.DESIRED, deployment.desired());
        columns.put(DEPLOYMENTS.STATUS, deployment.status());
        columns.put(DEPLOYMENTS.HEALTH, deployment.health());
        columns.put(DEPLOYMENTS.REASON, deployment.reason());
        columns.put(DEPLOYMENTS.NONCE, deployment.nonce());
        columns.put(DEPLOYMENTS.PROCESS_BOOT, process == null ? null : process.bootId());
        columns.put(DEPLOYMENTS.PROCESS_ID, process == null ? null : process.pid());
        columns.put(DEPLOYMENTS.PROCESS_TICKS, process == null ? null : process.startTicks());
        columns.put(DEPLOYMENTS.PROCESS_NONCE, process == null ? null : process.nonce());
        columns.put(DEPLOYMENTS.HOST, deployment.host());
        columns.put(DEPLOYMENTS.STARTED_AT, deployment.startedAt());
        columns.put(DEPLOYMENTS.STOPPED_AT, deployment.stoppedAt());
        columns.put(DEPLOYMENTS.LOG_FILE, deployment.logFile());
        columns.put(DEPLOYMENTS.RESTARTS, deployment.restarts());
        columns.put(DEPLOYMENTS.RESTART_DUE, deployment.restartDue());
        columns.put(DEPLOYMENTS.STOP_DEADLINE, deployment.stopDeadline());
        columns.put(DEPLOYMENTS.REPLACES, deployment.replaces());
        columns.put(DEPLOYMENTS.ORDERS, deployment.orders());
        columns.put(DEPLOYMENTS.FLATTENS, deployment.flattens());
        columns.put(DEPLOYMENTS.RESUMES, deployment.resumes());
        columns.put(DEPLOYMENTS.LOG_LOST, deployment.logLost());
        return columns;
    }

    private SelectOnConditionStep<Record> select() {
        return sql.select(DEPLOYMENTS.fields())
                .select(STUDIES.LABEL, TRIALS.TRIAL_NUMBER)
                .from(DEPLOYMENTS)
                .join(TRIALS)
                .on(TRIALS.TRIAL_ID.eq(DEPLOYMENTS.TRIAL_ID))
                .join(STUDIES)
                .on(STUDIES.ID.eq(TRIALS.STUDY_ID));
    }

    private static Deployment deployment(Record row) {
        Long pid = row.get(DEPLOYMENTS.PROCESS_ID);
        return new Deployment(
                row.get(DEPLOYMENTS.ID),
                row.get(DEPLOYMENTS.TRIAL_ID),
                new TrialKey(row.get(STUDIES.LABEL), row.get(TRIALS.TRIAL_NUMBER)),
                row.get(DEPLOYMENTS.VERSION),
                row.get(DEPLOYMENTS.MODEL_SHA256),
                row.get(DEPLOYMENTS.DESIRED),
                row.get(DEPLOYMENTS.STATUS),
                row.get(DEPLOYMENTS.HEALTH),
                row.get(DEPLOYMENTS.REASON),
                row.get(DEPLOYMENTS.NONCE),
                pid == null
                        ? null
                        : new ProcessIdentity(
                                row.get(DEPLOYMENTS.PROCESS_BOOT),
                                pid,
                                row.get(DEPLOYMENTS.PROCESS_TICKS),
                                row.get(DEPLOYMENTS.PROCESS_NONCE)),
                row.get(DEPLOYMENTS.HOST),
                row.get(DEPLOYMENTS.STARTED_AT),
                row.get(DEPLOYMENTS.STOPPED_AT),
                row.get(DEPLOYMENTS.LOG_FILE),
                row.get(DEPLOYMENTS.RESTARTS),
                row.get(DEPLOYMENTS.RESTART_DUE),
                row.get(DEPLOYMENTS.STOP_DEADLINE),
                row.get(DEPLOYMENTS.REPLACES),
                row.get(DEPLOYMENTS.CREATED_AT),
                row.get(DEPLOYMENTS.ORDERS),
                row.get(DEPLOYMENTS.FLATTENS),
                row.get(DEPLOYMENTS.RESUMES),
                row.get(DEPLOYMENTS.LOG_LOST));
    }
}
