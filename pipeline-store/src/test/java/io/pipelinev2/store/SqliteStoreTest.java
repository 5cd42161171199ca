package io.pipelinev2.store;

import static io.pipelinev2.core.store.StoreSamples.deployment;
import static io.pipelinev2.core.store.StoreSamples.fullStage;
import static io.pipelinev2.core.store.StoreSamples.stage;
import static io.pipelinev2.core.store.StoreSamples.study;
import static io.pipelinev2.core.store.StoreSamples.trial;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pipelinev2.core.ManualClock;
import io.pipelinev2.core.deployment.Deployment;
import io.pipelinev2.core.stage.StageRun;
import io.pipelinev2.core.stage.StageStatus;
import io.pipelinev2.core.store.PipelineStore;
import io.pipelinev2.core.store.StatementRefusedException;
import io.pipelinev2.core.store.StoreException;
import io.pipelinev2.core.store.StoreReader;
import io.pipelinev2.core.store.Study;
import io.pipelinev2.core.trial.Trial;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What an SQLite store promises beyond the contract. */
class SqliteStoreTest {

    private final ManualClock clock = new ManualClock();

    @TempDir
    Path home;

    private Path file() {
        return home.resolve("pipeline_v2.db");
    }

    @Test
    void what_was_written_is_there_when_it_is_opened_again() {
        List<Object> written = new ArrayList<>();
        try (PipelineStore store = SqliteStore.open(file(), clock)) {
            store.write(writer -> {
                Study study = writer.insert(study("ppo"));
                Trial trial = writer.insert(trial(study, 4));
                StageRun stage = writer.insert(fullStage(trial, "backtest"));
                Deployment deployment = writer.insert(deployment(trial));
                writer.put("last_check", "now");
                written.addAll(List.of(study, trial, stage, deployment, "now"));
                return null;
            });
        }

        try (PipelineStore store = SqliteStore.open(file(), clock)) {
            List<Object> found = new ArrayList<>();
            store.read(reader -> {
                found.addAll(reader.studies());
                found.addAll(reader.trials());
                found.addAll(reader.running());
                found.addAll(reader.deployments());
                found.add(reader.setting("last_check").orElseThrow());
                return null;
            });
            assertThat(found).isEqualTo(written);
        }
    }

    @Test
    void missing_directories_are_made_and_the_file_is_for_its_owner_alone() throws Exception {
        Path file = home.resolve("a/b/state.db");
        try (PipelineStore store = SqliteStore.open(file)) {
            store.write(writer -> writer.insert(study("ppo")));

            for (String name : List.of("state.db", "state.db-wal", "state.db-shm")) {
                assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file.resolveSibling(name))))
                        .as(name)
                        .isEqualTo("rw-------");
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"what?journal_mode=off.db", "100%41.db", "with space#1.db", "ünï 🚀.db", "file:x.db"})
    void any_file_name_will_do(String name) {
        Path file = home.resolve(name);
        try (PipelineStore store = SqliteStore.open(file)) {
            store.write(writer -> writer.insert(study("ppo")));
        }

        assertThat(home.toFile().list()).containsExactly(name);
    }

    @Test
    void closing_leaves_one_file() {
        PipelineStore store = SqliteStore.open(file());
        store.write(writer -> writer.insert(study("ppo")));
        assertThat(home.toFile().list()).contains("pipeline_v2.db-wal");

        store.close();
        store.close();

        assertThat(home.toFile().list()).containsExactly("pipeline_v2.db");
        assertThatThrownBy(() -> store.read(StoreReader::studies))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("closed");
        assertThatThrownBy(() -> store.write(StoreReader::studies))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("closed");
    }

    @Test
    void its_connections_are_as_durable_and_strict_as_they_should_be() throws Exception {
        SqliteStore.open(file()).close();
        SqliteConnections connections = new SqliteConnections(new SqliteFile(file(), Duration.ofSeconds(10)));
        try (Connections.Session writer = connections.toWrite();
                Connections.Session reader = connections.toRead()) {
            for (Connection connection : List.of(writer.connection(), reader.connection())) {
                assertThat(connection.getAutoCommit()).isTrue();
                assertThat(text(connection, "pragma journal_mode")).isEqualTo("wal");
                assertThat(text(connection, "pragma synchronous")).as("FULL").isEqualTo("2");
                assertThat(text(connection, "pragma foreign_keys")).isEqualTo("1");
                assertThat(text(connection, "pragma busy_timeout"))
                        .as("its own way of waiting is in place of SQLite's")
                        .isEqualTo("0");
            }
            assertThat(text(writer.connection(), "pragma query_only")).isEqualTo("0");
            assertThat(text(reader.connection(), "pragma query_only")).isEqualTo("1");
        }
        connections.close();
    }

    @Test
    void the_writers_pages_stay_in_memory_for_a_while_but_not_for_good() throws Exception {
        SqliteStore.open(file()).close();
        SqliteConnections connections = new SqliteConnections(new SqliteFile(file(), Duration.ofSeconds(10)), clock);
        try (Connections.Session session = connections.toWrite();
                Statement statement = session.connection().createStatement()) {
            statement.execute("create table filler as with recursive n(i) as (values (1) union all select i + 1 from n"
                    + " where i < 1000) select randomblob(4000) as bytes from n");
        }
        long megabyte = 1L << 20;

        assertThat(bytesReadForAScan(connections)).as("just written").isLessThan(megabyte);
        clock.advance(Duration.ofMinutes(6));
        assertThat(bytesReadForAScan(connections))
                .as("the last scan before it is noticed")
                .isLessThan(megabyte);
        assertThat(bytesReadForAScan(connections)).as("after it was noticed").isGreaterThan(3 * megabyte);
        assertThat(bytesReadForAScan(connections)).as("read again").isLessThan(megabyte);
        connections.close();
    }

    /** What this thread has asked the kernel for during one scan by the connection that writes. */
    private static long bytesReadForAScan(Connections connections) throws Exception {
        try (Connections.Session session = connections.toWrite()) {
            long before = bytesRead();
            text(session.connection(), "select sum(length(bytes)) from filler");
            return bytesRead() - before;
        }
    }

    private static long bytesRead() throws IOException {
        String first = Files.readAllLines(Path.of("/proc/thread-self/io")).get(0);
        return Long.parseLong(first.substring("rchar: ".length()));
    }

    @Test
    void an_idle_store_holds_no_lock() throws Exception {
        try (PipelineStore store = SqliteStore.open(file())) {
            store.write(writer -> writer.insert(study("ppo")));
            store.read(StoreReader::studies);
            try (Connection other = DriverManager.getConnection("jdbc:sqlite:" + file());
                    Statement statement = other.createStatement()) {
                statement.execute("pragma busy_timeout = 0");
                statement.execute("begin exclusive");
                statement.execute("rollback");
            }
        }
    }

    @Test
    void its_time_is_that_of_the_clock_in_milliseconds() {
        clock.set(Instant.parse("2026-01-29T21:30:00.123456789Z"));
        try (PipelineStore store = SqliteStore.open(file(), clock)) {
            assertThat(store.now()).isEqualTo("2026-01-29T21:30:00.123Z");
        }
    }

    @Test
    void times_for_people_are_utc_text_with_milliseconds() throws Exception {
        try (PipelineStore store = SqliteStore.open(file(), clock)) {
            store.write(writer -> writer.insert(trial(writer.insert(study("ppo")), 4)));
            try (Connection other = DriverManager.getConnection("jdbc:sqlite:" + file())) {
                assertThat(text(other, "select created_at from trials")).isEqualTo("2026-01-29 21:30:00.007");
            }
        }
    }

    @Test
    void two_stores_on_one_file_see_what_the_other_wrote() throws Exception {
        try (PipelineStore daemon = SqliteStore.open(file(), clock);
                PipelineStore command = SqliteStore.open(file(), clock)) {
            Study study = daemon.write(writer -> writer.insert(study("ppo")));
            assertThat(command.<List<Study>>read(StoreReader::studies)).containsExactly(study);

            List<Callable<Void>> work = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                PipelineStore store = i % 2 == 0 ? daemon : command;
                int first = i * 25;
                work.add(() -> {
                    for (int number = first; number < first + 25; number++) {
                        Trial trial = trial(study, number);
                        store.write(writer -> writer.insert(trial));
                    }
                    return null;
                });
            }
            together(work);

            assertThat(daemon.<List<Trial>>read(StoreReader::trials)).hasSize(100);
        }
    }

    @Test
    void a_new_file_may_be_opened_by_several_at_once() throws Exception {
        List<Callable<Void>> work = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            String name = "study " + i;
            work.add(() -> {
                try (PipelineStore store = SqliteStore.open(file())) {
                    store.write(writer -> writer.insert(study(name)));
                }
                return null;
            });
        }
        together(work);

        try (PipelineStore store = SqliteStore.open(file())) {
            assertThat(store.<List<Study>>read(StoreReader::studies)).hasSize(4);
        }
    }

    @Test
    void a_write_within_a_read_is_refused() {
        try (PipelineStore store = SqliteStore.open(file())) {
            assertThatThrownBy(() -> store.read(reader -> store.write(writer -> writer.insert(study("ppo")))))
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("within a read");
        }
    }

    @Test
    void a_writer_is_of_no_use_after_its_work() {
        try (PipelineStore store = SqliteStore.open(file())) {
            AtomicReference<StoreReader> kept = new AtomicReference<>();
            store.write(writer -> {
                kept.set(writer);
                return null;
            });
            assertThatThrownBy(() -> kept.get().studies())
                    .isInstanceOf(IllegalStateException.class)
                    .hasMessageContaining("after its work had ended");
        }
    }

    @Test
    void work_that_goes_on_after_a_refused_statement_is_not_kept() {
        try (PipelineStore store = SqliteStore.open(file())) {
            assertThatThrownBy(() -> store.write(writer -> {
                        writer.insert(study("ppo"));
                        try {
                            writer.insert(study("ppo"));
                        } catch (StoreException e) {
                            // goes on as if nothing had happened
                        }
                        return null;
                    }))
                    .isInstanceOf(StoreException.class);
            assertThat(store.<List<Study>>read(StoreReader::studies)).isEmpty();
        }
    }

    @Test
    void rows_that_would_refer_to_nothing_are_refused() {
        try (PipelineStore store = SqliteStore.open(file())) {
            Trial orphan = trial(study("ppo").withId(77), 1);
            assertThatThrownBy(() -> store.write(writer -> writer.insert(orphan)))
                    .isExactlyInstanceOf(StatementRefusedException.class)
                    .hasMessageContaining(file().toString())
                    .hasMessageContaining("FOREIGN KEY");
        }
    }

    @Test
    void text_may_hold_what_a_database_cannot() {
        try (PipelineStore store = SqliteStore.open(file())) {
            store.write(writer -> {
                writer.put("last_error", "bad byte \0 in file name");
                return null;
            });
            assertThat(store.<Optional<String>>read(reader -> reader.setting("last_error")))
                    .contains("bad byte \uFFFD in file name");
        }
    }

    @Test
    void results_that_json_cannot_hold_are_refused() {
        try (PipelineStore store = SqliteStore.open(file())) {
            assertThatThrownBy(() -> store.write(writer -> {
                        StageRun stage = stage(writer.insert(trial(writer.insert(study("ppo")), 1)), "backtest");
                        return writer.insert(
                                stage.ended(StageStatus.PASSED, clock.now(), null, null, Map.of("sharpe", Double.NaN)));
                    }))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("results.sharpe is NaN");
        }
    }

    private static String text(Connection connection, String query) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            return row.getString(1);
        }
    }

    private static void together(List<Callable<Void>> work) throws Exception {
        var threads = Executors.newFixedThreadPool(work.size());
        try {
            for (Future<Void> one : threads.invokeAll(work)) {
                one.get();
            }
        } finally {
            threads.shutdownNow();
        }
    }
}
