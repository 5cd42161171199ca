package io.pipelinev2.store;

import static io.pipelinev2.store.HotStatement.value;
import static io.pipelinev2.store.schema.Tables.STAGES;
import static io.pipelinev2.store.schema.Tables.TRIALS;

import io.pipelinev2.core.stage.StageRun;
import io.pipelinev2.core.stage.StageRun.Lease;
import io.pipelinev2.core.stage.StageStatus;
import io.pipelinev2.core.store.Transitions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
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
import java.util.stream.Stream;
import org.jooq.Condition;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Record;
import org.jooq.SQLDialect;
import org.jooq.SelectForUpdateStep;
import org.jooq.TableField;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;

/** The table {@code stages}: state and queue in one. */
final class StageRows {

    private static final Comparator<StageRun> LONGEST_DUE = Comparator.<StageRun, Instant>comparing(
                    stage -> Objects.requireNonNull(stage.dueAt()))
            .thenComparing(StageRun::id);

    /** All but identity, in the order of {@link #state}. */
    private static final List<TableField<Record, ?>> STATE = List.of(
            STAGES.POSITION,
            STAGES.STATUS,
            STAGES.ATTEMPTS,
            STAGES.CRASHES,
            STAGES.MAX_ATTEMPTS,
            STAGES.STARTED_AT,
            STAGES.COMPLETED_AT,
            STAGES.DUE_AT,
            STAGES.DEADLINE_AT,
            STAGES.LEASE_RUNNER,
            STAGES.LEASE_HOST,
            STAGES.LEASE_UNTIL,
            STAGES.TOKEN,
            STAGES.ERROR_MESSAGE,
            STAGES.REASON,
            STAGES.RESULTS);

    private static final HotStatement OF_TRIAL = HotStatement.of(sql -> sql.select(STAGES.fields())
            .from(STAGES)
            .where(STAGES.TRIAL_ID.eq(value(STAGES.TRIAL_ID)))
            .orderBy(STAGES.POSITION, STAGES.ID));

    private static final HotStatement BY_NAME = HotStatement.of(sql -> sql.select(STAGES.fields())
            .from(STAGES)
            .where(STAGES.TRIAL_ID.eq(value(STAGES.TRIAL_ID)), STAGES.STAGE_NAME.eq(value(STAGES.STAGE_NAME))));

    /** The most frequent question of all; a test sees to it that an index answers it. */
    static final HotStatement DUE = HotStatement.of(StageRows::due);

    private static final HotStatement CLAIMABLE = HotStatement.of(sql -> sql.dialect() == SQLDialect.SQLITE
            ? due(sql)
            : due(sql).forUpdate().of(STAGES).skipLocked());

    static final HotStatement NEXT_DUE = HotStatement.of(sql -> sql.select(STAGES.DUE_AT)
            .from(STAGES)
            .where(pending(), STAGES.DUE_AT.isNotNull())
            .orderBy(STAGES.DUE_AT)
            .limit(DSL.inline(1)));

    private static final HotStatement RUNNING = HotStatement.of(sql -> sql.select(STAGES.fields())
            .from(STAGES)
            .where(STAGES.STATUS.eq(value(STAGES.STATUS)))
            .orderBy(STAGES.ID));

    private static final HotStatement INSERT = HotStatement.of(sql -> sql.insertInto(STAGES)
            .set(STAGES.TRIAL_ID, value(STAGES.TRIAL_ID))
            .set(STAGES.STAGE_NAME, value(STAGES.STAGE_NAME))
            .set(places(STATE)));

    private static final HotStatement UPDATE = HotStatement.of(sql -> sql.update(STAGES)
            .set(places(STATE))
            .where(
                    STAGES.ID.eq(value(STAGES.ID)),
                    STAGES.STATUS.eq(value(STAGES.STATUS)),
                    STAGES.TOKEN.eq(value(STAGES.TOKEN))));

    private final Sql sql;

    StageRows(Sql sql) {
        this.sql = sql;
    }

    private static SelectForUpdateStep<Record> due(DSLContext sql) {
        return sql.select(STAGES.fields())
                .from(STAGES)
                .where(pending(), STAGES.DUE_AT.le(value(STAGES.DUE_AT)))
                .orderBy(STAGES.DUE_AT, STAGES.ID)
                .limit(value(STAGES.POSITION));
    }

    /** Of one name: each has its range of the index, so nothing is sorted by the database. */
    private static Condition pending() {
        return STAGES.STATUS
                .eq(value(STAGES.STATUS))
                .and(STAGES.STAGE_NAME.eq(value(STAGES.STAGE_NAME)))
                .andNotExists(DSL.selectOne()
                        .from(TRIALS)
                        .where(TRIALS.TRIAL_ID.eq(STAGES.TRIAL_ID), TRIALS.PARKED.isTrue()));
    }

    private static Map<Field<?>, Object> places(List<TableField<Record, ?>> columns) {
        Map<Field<?>, Object> places = new LinkedHashMap<>();
        columns.forEach(column -> places.put(column, value(column)));
        return places;
    }

    List<StageRun> of(long trialId) {
        return OF_TRIAL.fetch(sql, StageRows::stage, trialId);
    }

    Map<Long, List<StageRun>> byTrial() {
        Map<Long, List<StageRun>> stages = new LinkedHashMap<>();
        sql.jooq()
                .select(STAGES.fields())
                .from(STAGES)
                .orderBy(STAGES.TRIAL_ID, STAGES.POSITION, STAGES.ID)
                .forEach(row -> stages.computeIfAbsent(row.get(STAGES.TRIAL_ID), id -> new ArrayList<>())
                        .add(stage(Row.of(row))));
        stages.replaceAll((id, list) -> List.copyOf(list));
        return Collections.unmodifiableMap(stages);
    }

    Optional<StageRun> find(long trialId, String name) {
        return BY_NAME.fetchOptional(sql, StageRows::stage, trialId, name);
    }

    List<StageRun> due(Collection<String> names, Instant now, int limit) {
        return longestDue(DUE, names, now, limit);
    }

    List<StageRun> claimable(Collection<String> names, Instant now, int limit) {
        return longestDue(CLAIMABLE, names, now, limit);
    }

    private List<StageRun> longestDue(HotStatement query, Collection<String> names, Instant now, int limit) {
        Stream<StageRun> due = names.stream()
                .flatMap(name -> query.fetch(sql, StageRows::stage, StageStatus.PENDING, name, now, limit).stream());
        return (names.size() > 1 ? due.sorted(LONGEST_DUE).limit(limit) : due).toList();
    }

    Optional<Instant> nextDue(Collection<String> names) {
        return names.stream()
                .flatMap(name ->
                        NEXT_DUE.fetchOptional(sql, row -> row.get(STAGES.DUE_AT), StageStatus.PENDING, name).stream())
                .min(Comparator.naturalOrder());
    }

    /** Steps from one name to the next in the index, whatever the number of rows between them. */
    Set<String> awaited() {
        Set<String> names = new TreeSet<>();
        String name = nextAwaited("");
        while (name != null) {
            if (isAwaited(name)) {
                names.add(name);
            }
            name = nextAwaited(name);
        }
        return Collections.unmodifiableSet(names);
    }

    private @Nullable String nextAwaited(String after) {
        return sql.jooq()
                .select(DSL.min(STAGES.STAGE_NAME))
                .from(STAGES)
                .where(STAGES.STATUS.eq(StageStatus.PENDING), STAGES.STAGE_NAME.gt(after))
                .fetchSingle()
                .value1();
    }

    private boolean isAwaited(String name) {
        return sql.jooq()
                .fetchExists(DSL.selectOne()
                        .from(STAGES)
                        .where(
                                STAGES.STATUS.eq(StageStatus.PENDING),
                                STAGES.STAGE_NAME.eq(name),
                                STAGES.DUE_AT.isNotNull()));
    }

    List<StageRun> running() {
        return RUNNING.fetch(sql, StageRows::stage, StageStatus.RUNNING);
    }

    StageRun insert(StageRun stage) {
        List<@Nullable Object> values = new ArrayList<>();
        values.add(stage.trialId());
        values.add(stage.name());
        values.addAll(state(stage));
        INSERT.execute(sql, values.toArray());
        return stage.withId(sql.lastId());
    }

    void update(StageRun before, StageRun after) {
        Transitions.check(before, after);
        List<@Nullable Object> values = state(after);
        values.add(before.id());
        values.add(before.status());
        values.add(before.token());
        int rows = UPDATE.execute(sql, values.toArray());
        Checks.changed(rows, "stage", before.id(), before.status().label() + " with token " + before.token());
    }

    private static List<@Nullable Object> state(StageRun stage) {
        Lease lease = stage.lease();
        return new ArrayList<>(Arrays.asList(
                stage.position(),
                stage.status(),
                stage.attempts(),
                stage.crashes(),
                stage.maxAttempts(),
                stage.startedAt(),
                stage.completedAt(),
                stage.dueAt(),
                stage.deadlineAt(),
                lease == null ? null : lease.runner(),
                lease == null ? null : lease.host(),
                lease == null ? null : lease.until(),
                stage.token(),
                stage.errorMessage(),
                stage.reason(),
                Json.ofResults(stage.results())));
    }

    private static StageRun stage(Row row) {
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
