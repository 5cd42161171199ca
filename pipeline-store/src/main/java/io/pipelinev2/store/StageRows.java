package io.pipelinev2.store;

import static io.pipelinev2.store.schema.Tables.STAGES;
import static io.pipelinev2.store.schema.Tables.TRIALS;

import io.pipelinev2.core.stage.Lease;
import io.pipelinev2.core.stage.StageRun;
import io.pipelinev2.core.stage.StageStatus;
import io.pipelinev2.core.store.Transitions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.Record1;
import org.jooq.ResultQuery;
import org.jooq.SelectForUpdateStep;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;

/** The table {@code stages}: state and queue in one. */
final class StageRows {

    private static final Comparator<StageRun> LONGEST_DUE = Comparator.<StageRun, Instant>comparing(
                    stage -> Objects.requireNonNull(stage.dueAt()))
            .thenComparing(StageRun::id);

    private final DSLContext sql;

    StageRows(DSLContext sql) {
        this.sql = sql;
    }

    List<StageRun> of(long trialId) {
        return List.copyOf(sql.select(STAGES.fields())
                .from(STAGES)
                .where(STAGES.TRIAL_ID.eq(trialId))
                .orderBy(STAGES.POSITION, STAGES.ID)
                .fetch(StageRows::stage));
    }

    Map<Long, List<StageRun>> byTrial() {
        Map<Long, List<StageRun>> stages = new LinkedHashMap<>();
        sql.select(STAGES.fields())
                .from(STAGES)
                .orderBy(STAGES.TRIAL_ID, STAGES.POSITION, STAGES.ID)
                .forEach(row -> stages.computeIfAbsent(row.get(STAGES.TRIAL_ID), id -> new ArrayList<>())
                        .add(stage(row)));
        stages.replaceAll((id, list) -> List.copyOf(list));
        return Collections.unmodifiableMap(stages);
    }

    Optional<StageRun> find(long trialId, String name) {
        return sql.select(STAGES.fields())
                .from(STAGES)
                .where(STAGES.TRIAL_ID.eq(trialId), STAGES.STAGE_NAME.eq(name))
                .fetchOptional(StageRows::stage);
    }

    List<StageRun> due(Collection<String> names, Instant now, int limit) {
        return longestDue(names, limit, name -> dueQuery(name, now, limit).fetch(StageRows::stage));
    }

    List<StageRun> claimable(Collection<String> names, Instant now, int limit, Dialect dialect) {
        return longestDue(
                names,
                limit,
                name -> dialect.passingOverLocked(dueQuery(name, now, limit), STAGES)
                        .fetch(StageRows::stage));
    }

    /** Each name has its range of the index, so each is asked for by itself and nothing is sorted by the database. */
    private static List<StageRun> longestDue(
            Collection<String> names, int limit, Function<String, List<StageRun>> ofName) {
        Stream<StageRun> due = names.stream().flatMap(name -> ofName.apply(name).stream());
        return (names.size() > 1 ? due.sorted(LONGEST_DUE).limit(limit) : due).toList();
    }

    /** The most frequent question of all; a test sees to it that an index answers it. */
    SelectForUpdateStep<Record> dueQuery(String name, Instant now, int limit) {
        return sql.select(STAGES.fields())
                .from(STAGES)
                .where(pending(name), STAGES.DUE_AT.le(now))
                .orderBy(STAGES.DUE_AT, STAGES.ID)
                .limit(limit);
    }

    Optional<Instant> nextDue(Collection<String> names) {
        return names.stream()
                .flatMap(name -> nextDueQuery(name).fetchOptional(STAGES.DUE_AT).stream())
                .min(Comparator.naturalOrder());
    }

    ResultQuery<Record1<Instant>> nextDueQuery(String name) {
        return sql.select(STAGES.DUE_AT)
                .from(STAGES)
                .where(pending(name), STAGES.DUE_AT.isNotNull())
                .orderBy(STAGES.DUE_AT)
                .limit(1);
    }

    /** Steps from one name to the next in the index, whatever the number of rows between them. */
    Set<String> awaited() {
        Set<String> names = new TreeSet<>();
        String name = nextAwaited("");
        while (name != null) {
            if (nextDueOfAnyQuery(name).fetchOptional().isPresent()) {
                names.add(name);
            }
            name = nextAwaited(name);
        }
        return Collections.unmodifiableSet(names);
    }

    private @Nullable String nextAwaited(String after) {
        return sql.select(DSL.min(STAGES.STAGE_NAME))
                .from(STAGES)
                .where(STAGES.STATUS.eq(StageStatus.PENDING), STAGES.STAGE_NAME.gt(after))
                .fetchSingle()
                .value1();
    }

    private ResultQuery<Record1<Instant>> nextDueOfAnyQuery(String name) {
        return sql.select(STAGES.DUE_AT)
                .from(STAGES)
                .where(STAGES.STATUS.eq(StageStatus.PENDING), STAGES.STAGE_NAME.eq(name), STAGES.DUE_AT.isNotNull())
                .limit(1);
    }

    List<StageRun> running() {
        return List.copyOf(sql.select(STAGES.fields())
                .from(STAGES)
                .where(STAGES.STATUS.eq(StageStatus.RUNNING))
                .orderBy(STAGES.ID)
                .fetch(StageRows::stage));
    }

    StageRun insert(StageRun stage) {
        sql.insertInto(STAGES)
                .set(STAGES.TRIAL_ID, stage.trialId())
                .set(STAGES.STAGE_NAME, stage.name())
                .set(state(stage))
                .execute();
        return stage.withId(sql.lastID().longValueExact());
    }

    void update(StageRun before, StageRun after) {
        Transitions.check(before, after);
        int rows = sql.update(STAGES)
                .set(state(after))
                .where(STAGES.ID.eq(before.id()), STAGES.STATUS.eq(before.status()), STAGES.TOKEN.eq(before.token()))
                .execute();
        Checks.changed(rows, "stage", before.id(), before.status().label() + " with token " + before.token());
    }

    private static Condition pending(String name) {
        return STAGES.STATUS
                .eq(StageStatus.PENDING)
                .and(STAGES.STAGE_NAME.eq(name))
                .andNotExists(DSL.selectOne()
                        .from(TRIALS)
                        .where(TRIALS.TRIAL_ID.eq(STAGES.TRIAL_ID), TRIALS.PARKED.isTrue()));
    }

    /** All but identity. */
    private static Map<Field<?>, @Nullable Object> state(StageRun stage) {
        Lease lease = stage.lease();
        Map<Field<?>, @Nullable Object> columns = new LinkedHashMap<>();
        columns.put(STAGES.POSITION, stage.position());
        columns.put(STAGES.STATUS, stage.status());
        columns.put(STAGES.ATTEMPTS, stage.attempts());
        columns.put(STAGES.CRASHES, stage.crashes());
        columns.put(STAGES.MAX_ATTEMPTS, stage.maxAttempts());
        columns.put(STAGES.STARTED_AT, stage.startedAt());
        columns.put(STAGES.COMPLETED_AT, stage.completedAt());
        columns.put(STAGES.DUE_AT, stage.dueAt());
        columns.put(STAGES.DEADLINE_AT, stage.deadlineAt());
        columns.put(STAGES.LEASE_RUNNER, lease == null ? null : lease.runner());
        columns.put(STAGES.LEASE_HOST, lease == null ? null : lease.host());
        columns.put(STAGES.LEASE_UNTIL, lease == null ? null : lease.until());
        columns.put(STAGES.TOKEN, stage.token());
        columns.put(STAGES.ERROR_MESSAGE, stage.errorMessage());
        columns.put(STAGES.REASON, stage.reason());
        columns.put(STAGES.RESULTS, Json.ofResults(stage.results()));
        return columns;
    }

    private static StageRun stage(Record row) {
        String runner = row.get(STAGES.LEASE_RUNNER);
        return new StageRun(
                row.get(STAGES.ID),
                row.get(STAGES.TRIAL_ID),
                row.get(STAGES.STAGE_NAME),
                row.get(STAGES.POSITION),
                row.get(STAGES.STATUS),
                row.get(STAGES.ATTEMPTS),
                row.get(STAGES.CRASHES),
                row.get(STAGES.MAX_ATTEMPTS),
                row.get(STAGES.STARTED_AT),
                row.get(STAGES.COMPLETED_AT),
                row.get(STAGES.DUE_AT),
                row.get(STAGES.DEADLINE_AT),
                runner == null ? null : new Lease(runner, row.get(STAGES.LEASE_HOST), row.get(STAGES.LEASE_UNTIL)),
                row.get(STAGES.TOKEN),
                row.get(STAGES.ERROR_MESSAGE),
                row.get(STAGES.REASON),
                Json.results(row.get(STAGES.RESULTS)));
    }
}
