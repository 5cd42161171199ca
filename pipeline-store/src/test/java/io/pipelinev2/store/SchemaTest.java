package io.pipelinev2.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.pipelinev2.core.deployment.Deployment;
import io.pipelinev2.core.deployment.ProcessRun;
import io.pipelinev2.core.deployment.TradingState;
import io.pipelinev2.core.store.PipelineStore;
import io.pipelinev2.core.store.StoreReader;
import io.pipelinev2.core.store.TrialQuery;
import io.pipelinev2.core.store.TrialQuery.Place;
import io.pipelinev2.store.schema.DefaultSchema;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.MigrationVersion;
import org.jooq.Field;
import org.jooq.Named;
import org.jooq.SQLDialect;
import org.jooq.Table;
import org.jooq.UniqueKey;
import org.jooq.conf.ParamType;
import org.jooq.impl.DSL;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The schema: the same in both databases, as the design document wants it, and as the generated code takes it to be. */
class SchemaTest {

    @TempDir
    Path home;

    private Connection sqlite;
    private Connection postgres;

    @BeforeEach
    void make() throws SQLException {
        Path file = home.resolve("pipeline_v2.db");
        SqliteStore.open(file).close();
        sqlite = DriverManager.getConnection("jdbc:sqlite:" + file);
        String url = PostgresServer.url("schema_test");
        PostgresStore.open(url).close();
        postgres = DriverManager.getConnection(url);
    }

    @AfterEach
    void close() throws SQLException {
        sqlite.close();
        postgres.close();
    }

    @Test
    void tables_and_columns_are_the_same_in_both() throws SQLException {
        // a primary key is never null, whatever SQLite says of it; ids are integer there, for want of another
        // autoincrement
        Set<String> here = rows(sqlite, """
                select t.name || '.' || c.name || ' '
                    || case when c.pk then 'key' else lower(c.type) || case c."notnull" when 1 then ' not null' else '' end end
                from sqlite_master t join pragma_table_info(t.name) c
                where t.type = 'table' and t.name not like 'sqlite_%' and t.name <> 'flyway_schema_history'""");
        Set<String> there = rows(postgres, """
                select c.table_name || '.' || c.column_name || ' '
                    || case when k.column_name is not null then 'key'
                       else replace(c.data_type, 'bytea', 'blob') || case c.is_nullable when 'NO' then ' not null' else '' end end
                from information_schema.columns c
                left join (select u.table_name, u.column_name from information_schema.key_column_usage u
                    join information_schema.table_constraints p using (constraint_schema, constraint_name)
                    where p.constraint_type = 'PRIMARY KEY' and p.constraint_schema = current_schema()) k
                    on k.table_name = c.table_name and k.column_name = c.column_name
                where c.table_schema = current_schema() and c.table_name <> 'flyway_schema_history'""");

        assertThat(here).isEqualTo(there).hasSizeGreaterThan(100);
    }

    @Test
    void indexes_are_the_same_in_both() throws SQLException {
        Set<String> here = rows(
                sqlite,
                "select tbl_name || '.' || name from sqlite_master where type = 'index'"
                        + " and name not like 'sqlite_%' and tbl_name <> 'flyway_schema_history'");
        Set<String> there = rows(postgres, """
                select tablename || '.' || indexname from pg_indexes
                where schemaname = current_schema() and tablename <> 'flyway_schema_history'
                and indexname not in (select constraint_name from information_schema.table_constraints)""");

        assertThat(here).isEqualTo(there).hasSizeGreaterThan(5);
    }

    @Test
    void constraints_have_the_same_names_in_both() throws SQLException {
        Set<String> there = rows(postgres, """
                select table_name || '.' || constraint_name from information_schema.table_constraints
                where constraint_schema = current_schema() and table_name <> 'flyway_schema_history'
                and (constraint_type = 'UNIQUE'
                    or constraint_type = 'CHECK' and constraint_name not like '%_not_null')""");
        for (String constraint : there) {
            String[] name = constraint.split("\\.");
            assertThat(rows(sqlite, "select sql from sqlite_master where name = '" + name[0] + "'"))
                    .anyMatch(sql -> sql.contains("constraint " + name[1] + " "));
        }
        assertThat(there).hasSizeGreaterThan(10);
    }

    @Test
    void the_generated_code_knows_every_unique_key() throws SQLException {
        for (Table<?> table : DefaultSchema.DEFAULT_SCHEMA.getTables()) {
            Set<String> stored = rows(sqlite, """
                    select (select group_concat(name, ',') from (select name from pragma_index_info(i.name) order by seqno))
                    from pragma_index_list('%s') i where i."unique" and i.origin = 'u'""".formatted(table.getName()));
            Set<String> generated = table.getUniqueKeys().stream()
                    .map(UniqueKey::getFields)
                    .map(fields -> fields.stream().map(Field::getName).collect(Collectors.joining(",")))
                    .collect(Collectors.toCollection(TreeSet::new));

            assertThat(generated).as(table.getName()).isEqualTo(stored);
            assertThat(table.getPrimaryKey()).as(table.getName()).isNotNull();
        }
        assertThat(DefaultSchema.DEFAULT_SCHEMA.getTables())
                .extracting(Named::getName)
                .containsExactlyInAnyOrder(
                        "studies",
                        "trials",
                        "stages",
                        "attempts",
                        "deployments",
                        "process_runs",
                        "health",
                        "events",
                        "stage_holds",
                        "alerts",
                        "alert_deliveries",
                        "alert_channels",
                        "series",
                        "findings",
                        "preferences",
                        "ledger",
                        "requests",
                        "figures",
                        "settings");
    }

    @Test
    void both_have_the_same_migrations_and_the_newest_is_the_known_one() throws IOException {
        List<String> here = migrations("sqlite");

        assertThat(here).isEqualTo(migrations("postgresql"));
        assertThat(here.stream()
                        .map(name -> MigrationVersion.fromVersion(name.substring(1, name.indexOf("__"))))
                        .max(MigrationVersion::compareTo))
                .contains(SchemaVersion.NEWEST);
    }

    @Test
    void deployments_of_an_earlier_version_are_kept_with_all_that_points_to_them() throws SQLException {
        Path file = home.resolve("earlier.db");
        String url = "jdbc:sqlite:" + file;
        // as the store does: with foreign keys on, in the migration's transaction
        Flyway.configure()
                .dataSource(url + "?foreign_keys=on", null, null)
                .locations("classpath:db/migration/sqlite")
                .table(SchemaVersion.HISTORY)
                .target("3")
                .load()
                .migrate();
        try (Connection before = DriverManager.getConnection(url);
                Statement statement = before.createStatement()) {
            statement.executeUpdate("insert into studies (storage, name, label, source_id, incarnation, directions)"
                    + " values ('s', 'ppo', 'ppo', 1, 1, '[]')");
            statement.executeUpdate("insert into trials (study_id, trial_number, value, objective_values, directions,"
                    + " source_study_id, source_trial_id) select id, 4, 0.5, '[0.5]', '[]', 1, 1 from studies");
            for (int id = 1; id <= 3; id++) {
                statement.executeUpdate(
                        "insert into deployments (id, trial_id, model_sha256, desired, health, replaces)"
                                + " select " + id + ", trial_id, 'm', 'running', 'healthy', "
                                + (id == 3 ? "2" : "null") + " from trials");
            }
            statement.executeUpdate(
                    "insert into process_runs (id, deployment_id, process_id, process_boot,"
                            + " process_ticks, process_nonce, started_at) values (9, 3, 77, 'b', 1, 'n', '2024-01-01 00:00:00.000')");
        }

        try (PipelineStore store = SqliteStore.open(file)) {
            List<Deployment> kept = store.read(StoreReader::deployments);
            assertThat(kept).extracting(Deployment::id).containsExactly(1L, 2L, 3L);
            assertThat(kept).extracting(Deployment::replaces).containsExactly(null, null, 2L);
            assertThat(kept).extracting(Deployment::orders).containsOnly(TradingState.ACTIVE);
            assertThat(store.<List<ProcessRun>>read(tx -> tx.processRuns(3)))
                    .extracting(ProcessRun::id)
                    .containsExactly(9L);
        }
        try (Connection after = DriverManager.getConnection(url)) {
            assertThat(rows(after, "select * from pragma_foreign_key_check")).isEmpty();
            assertThat(rows(after, "select name from sqlite_master where name like 'kept%'"))
                    .isEmpty();
        }
    }

    @Test
    void the_queries_of_the_design_document_work() throws SQLException {
        for (Connection connection : List.of(sqlite, postgres)) {
            try (Statement statement = connection.createStatement()) {
                statement.executeUpdate("insert into studies (storage, name, label, source_id, incarnation, directions)"
                        + " values ('s', 'ppo', 'ppo', 1, 1, '[]')");
                statement.executeUpdate(
                        "insert into trials (study_id, trial_number, value, objective_values, directions, source_study_id,"
                                + " source_trial_id) select id, 4, 0.5, '[0.5]', '[]', 1, 1 from studies");
                statement.executeUpdate(
                        "insert into stages (trial_id, stage_name) select trial_id, 'backtest' from trials");
                statement.executeUpdate(
                        "insert into health (component, status, message) values ('manager', 'healthy', '')");
            }
            assertThat(rows(connection, "select status || ' ' || count(*) from trials group by status"))
                    .containsExactly("pending 1");
            assertThat(rows(connection, "select trial_number || ' ' || value || ' ' || status from trials"))
                    .containsExactly("4 0.5 pending");
            assertThat(rows(connection, "select status || ' ' || attempts || '/' || max_attempts from stages"))
                    .containsExactly("pending 0/3");
            for (String query : List.of(
                    "select trial_id, trial_number, value, status, created_at, updated_at from trials",
                    "select id, trial_id, stage_name, status, started_at, completed_at, attempts, max_attempts,"
                            + " error_message, results from stages",
                    "select id, trial_id, process_id, started_at, stopped_at, status, log_file from deployments",
                    "select id, timestamp, component, status, message from health",
                    "select t.trial_number, s.stage_name, s.status from trials t join stages s on s.trial_id = t.trial_id"
                            + " where t.created_at > '2026-01-29' order by t.updated_at desc")) {
                rows(connection, query);
            }
        }
        String form = "\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d";
        assertThat(rows(sqlite, "select created_at from trials")).allMatch(time -> time.matches(form));
        assertThat(rows(postgres, "select created_at from trials")).allMatch(time -> time.matches(form + "\\.\\d{3}"));
    }

    @Test
    void an_index_answers_which_stages_are_due() throws SQLException {
        String park = "CORRELATED SCALAR SUBQUERY 1";
        String trial = "SEARCH trials USING INTEGER PRIMARY KEY (rowid=?)";

        // nothing is sorted: no "TEMP B-TREE"
        assertThat(plan(StageRows.DUE.text(SQLDialect.SQLITE)))
                .containsExactlyInAnyOrder(
                        "SEARCH stages USING INDEX stages_by_due (status=? AND stage_name=? AND due_at<?)",
                        park,
                        trial);
        assertThat(plan(StageRows.NEXT_DUE.text(SQLDialect.SQLITE)))
                .containsExactlyInAnyOrder(
                        "SEARCH stages USING INDEX stages_by_due (status=? AND stage_name=? AND due_at>?)",
                        park,
                        trial);
    }

    @Test
    void indexes_answer_the_other_questions_of_an_idle_poll() throws SQLException {
        assertThat(plan("select min(stage_name) from stages where status = 'pending' and stage_name > 'a'"))
                .containsExactly("SEARCH stages USING COVERING INDEX stages_by_due (status=? AND stage_name>?)");
        assertThat(plan("select * from stages where status = 'running' order by id"))
                .anyMatch(step -> step.startsWith("SEARCH stages USING INDEX stages_by_due (status=?)"));
        assertThat(plan("select status, count(*) from trials group by status"))
                .containsExactly("SCAN trials USING COVERING INDEX trials_by_status");
        assertThat(plan("select min(component) from health where component > 'a'"))
                .containsExactly("SEARCH health USING COVERING INDEX health_by_component (component>?)");
        assertThat(plan("select * from health where component = 'manager' order by id desc limit 1"))
                .containsExactly("SEARCH health USING INDEX health_by_component (component=?)");
    }

    @Test
    void every_order_of_trials_is_read_from_an_index_and_from_where_a_page_ended() throws SQLException {
        Place place = new Place(7, 3, 0.5, Instant.EPOCH);
        for (boolean descending : new boolean[] {false, true}) {
            assertThat(planOf(TrialQuery.Sort.NUMBER, descending, place))
                    .contains("SEARCH trials USING INDEX trials_by_number (trial_number" + (descending ? "<" : ">")
                            + "?)");
            assertThat(planOf(TrialQuery.Sort.VALUE, descending, place))
                    .anyMatch(step -> step.startsWith("SEARCH trials USING INDEX trials_by_value (value"));
            assertThat(planOf(TrialQuery.Sort.UPDATED, descending, place))
                    .contains(
                            "SEARCH trials USING INDEX trials_by_update (updated_at" + (descending ? "<" : ">") + "?)");
            assertThat(planOf(TrialQuery.Sort.SHARPE, descending, place))
                    .anyMatch(step ->
                            step.startsWith("SEARCH figures USING COVERING INDEX figures_by_value (name=? AND value"));
            for (TrialQuery.Sort sort : TrialQuery.Sort.values()) {
                // nothing is sorted
                assertThat(planOf(sort, descending, null)).noneMatch(step -> step.contains("TEMP B-TREE"));
                assertThat(planOf(sort, descending, place)).noneMatch(step -> step.contains("TEMP B-TREE"));
            }
        }
    }

    @Test
    void trials_are_chosen_by_what_is_looked_through_once_and_not_once_for_each() throws SQLException {
        TrialQuery all = TrialQuery.ALL;
        TrialQuery standing =
                new TrialQuery(null, null, Set.of(), "backtest", null, "", all.sort(), false, null, all.limit());
        TrialQuery saying =
                new TrialQuery(null, null, Set.of(), null, null, "nan", all.sort(), false, null, all.limit());

        assertThat(planOf(standing))
                .anyMatch(step -> step.startsWith("SEARCH stages USING COVERING INDEX stages_by_name (stage_name=?"))
                .noneMatch(step -> step.contains("CORRELATED"));
        assertThat(planOf(saying))
                .anyMatch(step -> step.startsWith("SCAN stages USING COVERING INDEX stages_with_words"))
                .noneMatch(step -> step.contains("CORRELATED"));
    }

    private Set<String> planOf(TrialQuery.Sort sort, boolean descending, @Nullable Place after) throws SQLException {
        TrialQuery query = new TrialQuery(null, null, Set.of(), null, null, "", sort, descending, after, 100);
        return planOf(query);
    }

    private Set<String> planOf(TrialQuery query) throws SQLException {
        return plan(new TrialPages(DSL.using(SQLDialect.SQLITE, JooqPipelineStore.SETTINGS), query)
                .first()
                .getSQL(ParamType.INLINED));
    }

    private Set<String> plan(String query) throws SQLException {
        try (Statement statement = sqlite.createStatement();
                ResultSet rows = statement.executeQuery("explain query plan " + query)) {
            Set<String> plan = new TreeSet<>();
            while (rows.next()) {
                plan.add(rows.getString("detail"));
            }
            return plan;
        }
    }

    private static List<String> migrations(String folder) throws IOException {
        try (Stream<Path> files = Files.list(Path.of("src/main/resources/db/migration", folder))) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }

    private static Set<String> rows(Connection connection, String query) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            Set<String> found = new TreeSet<>();
            while (rows.next()) {
                found.add(String.valueOf(rows.getString(1)));
            }
            return found;
        }
    }
}
