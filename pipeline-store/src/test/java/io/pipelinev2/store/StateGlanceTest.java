package io.pipelinev2.store;

import static io.pipelinev2.core.store.StoreSamples.AWKWARD;
import static io.pipelinev2.core.store.StoreSamples.study;
import static io.pipelinev2.core.store.StoreSamples.trial;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pipelinev2.core.stage.Series;
import io.pipelinev2.core.store.PipelineStore;
import io.pipelinev2.core.store.StoreException;
import io.pipelinev2.core.store.Study;
import io.pipelinev2.core.trial.Trial;
import io.pipelinev2.core.trial.TrialCounts;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A look at a state gives what its store gives, and changes nothing. */
class StateGlanceTest {

    private static final Series EQUITY = new Series("equity", "d", new double[] {500, 0.1 + 0.2, -0.0});

    @TempDir
    Path directory;

    private static String fresh() {
        return PostgresServer.url("s_" + UUID.randomUUID().toString().replace("-", ""));
    }

    private static Trial fill(PipelineStore store) {
        return store.write(tx -> {
            Study study = tx.insert(study(AWKWARD));
            tx.update(study, new TrialCounts(7, 40));
            Trial one = tx.insert(trial(study, 1));
            Trial two = tx.insert(trial(study, 2));
            tx.put(one.id(), "backtest", List.of(EQUITY, new Series("cash", "d", new double[] {1})));
            tx.put(two.id(), "backtest", List.of(new Series("equity", "other data", new double[] {2})));
            return one;
        });
    }

    @Test
    void it_sees_what_was_measured_on_the_same_data_and_how_often_was_tried() {
        Path file = directory.resolve("state.db");
        try (PipelineStore store = SqliteStore.open(file)) {
            Trial trial = fill(store);
            StateGlance seen = StateGlance.ofSqlite(file, "backtest", "d").orElseThrow();
            assertThat(seen.counts()).isEqualTo(new TrialCounts(7, 40));
            assertThat(seen.measured()).containsOnlyKeys(trial.key());
            assertThat(seen.measured().get(trial.key())).contains(EQUITY).hasSize(2);
            assertThat(StateGlance.ofSqlite(file, "stress", "d").orElseThrow().measured())
                    .isEmpty();
        }
    }

    @Test
    void it_is_the_same_on_postgresql() {
        try (PipelineStore elsewhere = PostgresStore.open(fresh())) {
            fill(elsewhere);
        }
        String url = fresh();
        assertThat(StateGlance.ofPostgres(url, "backtest", "d"))
                .as("no schema is made")
                .isEmpty();
        try (PipelineStore store = PostgresStore.open(url)) {
            Trial trial = fill(store);
            StateGlance seen = StateGlance.ofPostgres(url, "backtest", "d").orElseThrow();
            assertThat(seen.measured().get(trial.key())).contains(EQUITY).hasSize(2);
            assertThat(seen.counts()).isEqualTo(new TrialCounts(7, 40));
        }
    }

    @Test
    void nothing_is_made_where_there_is_no_state() throws Exception {
        Path missing = directory.resolve("no.db");
        assertThat(StateGlance.ofSqlite(missing, "backtest", "d")).isEmpty();
        assertThat(missing).doesNotExist();

        Path foreign = directory.resolve("foreign.db");
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + foreign);
                Statement statement = connection.createStatement()) {
            statement.execute("create table notes (text text)");
        }
        byte[] before = Files.readAllBytes(foreign);
        assertThat(StateGlance.ofSqlite(foreign, "backtest", "d")).isEmpty();
        assertThat(foreign).hasBinaryContent(before);
    }

    @Test
    void a_file_that_is_no_database_is_named() throws Exception {
        Path junk = Files.writeString(directory.resolve("junk.db"), "not a database ".repeat(100));
        assertThatThrownBy(() -> StateGlance.ofSqlite(junk, "backtest", "d"))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining(junk.toString());
    }

    @Test
    void trials_without_counts_count_as_recorded() {
        Path file = directory.resolve("state.db");
        try (PipelineStore store = SqliteStore.open(file)) {
            store.write(tx -> tx.insert(trial(tx.insert(study("ppo")), 1)));
            StateGlance seen = StateGlance.ofSqlite(file, "backtest", "d").orElseThrow();
            assertThat(seen).isEqualTo(new StateGlance(Map.of(), new TrialCounts(1, 0)));
        }
    }
}
