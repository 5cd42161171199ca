package io.pipelinev2.store;

import static io.pipelinev2.core.store.StoreSamples.study;
import static io.pipelinev2.core.store.StoreSamples.trial;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.pipelinev2.core.Clock;
import io.pipelinev2.core.store.PipelineStore;
import io.pipelinev2.core.store.StoreException;
import io.pipelinev2.core.store.StoreReader;
import io.pipelinev2.core.store.Study;
import io.pipelinev2.core.store.TransientStoreException;
import io.pipelinev2.core.trial.Trial;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.postgresql.ds.PGSimpleDataSource;

/** What a PostgreSQL store promises beyond the contract. */
class PostgresStoreTest {

    /** A schema that does not exist yet. */
    private static String fresh() {
        return PostgresServer.url("s_" + UUID.randomUUID().toString().replace("-", ""));
    }

    @Test
    void a_missing_schema_is_made_and_what_was_written_is_there_when_it_is_opened_again() {
        String url = fresh();
        Trial written;
        try (PipelineStore store = PostgresStore.open(url)) {
            written = store.write(writer -> writer.insert(trial(writer.insert(study("ppo")), 4)));
        }
        try (PipelineStore store = PostgresStore.open(url)) {
            assertThat(store.<List<Trial>>read(StoreReader::trials)).containsExactly(written);
        }
    }

    @Test
    void its_time_is_the_servers_in_milliseconds() {
        try (PipelineStore store = PostgresStore.open(fresh())) {
            Instant now = store.now();
            assertThat(now).isCloseTo(Clock.system().now(), within(5, ChronoUnit.SECONDS));
            assertThat(now).isEqualTo(now.truncatedTo(ChronoUnit.MILLIS));
            store.write(writer -> {
                Instant first = store.now();
                Instant second = first;
                while (second.equals(first)) {
                    second = store.now();
                }
                assertThat(second).as("goes on within a write").isAfter(first);
                return null;
            });
        }
    }

    @Test
    void it_may_be_opened_over_a_data_source() throws SQLException {
        String url = fresh();
        PostgresStore.open(url).close();
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setUrl(url);
        try (PipelineStore store = PostgresStore.open(source)) {
            Study study = store.write(writer -> writer.insert(study("ppo")));
            assertThat(store.<List<Study>>read(StoreReader::studies)).containsExactly(study);
        }
        source.getConnection().close();
    }

    @Test
    void a_new_schema_may_be_opened_by_several_at_once() throws Exception {
        String url = fresh();
        List<Callable<Void>> work = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            String name = "study " + i;
            work.add(() -> {
                try (PipelineStore store = PostgresStore.open(url)) {
                    store.write(writer -> writer.insert(study(name)));
                }
                return null;
            });
        }
        together(work);

        try (PipelineStore store = PostgresStore.open(url)) {
            assertThat(store.<List<Study>>read(StoreReader::studies)).hasSize(3);
        }
    }

    @Test
    void a_deadlock_is_worth_another_try() throws Exception {
        try (PipelineStore store = PostgresStore.open(fresh())) {
            CyclicBarrier bothHoldOne = new CyclicBarrier(2);
            List<Callable<String>> work = new ArrayList<>();
            store.write(writer -> {
                writer.put("a", "");
                writer.put("b", "");
                return null;
            });
            for (List<String> order : List.of(List.of("a", "b"), List.of("b", "a"))) {
                work.add(() -> {
                    try {
                        return store.write(writer -> {
                            writer.put(order.get(0), order.get(0));
                            await(bothHoldOne);
                            writer.put(order.get(1), order.get(0));
                            return "done";
                        });
                    } catch (TransientStoreException e) {
                        return e.getMessage();
                    }
                });
            }
            List<String> outcomes = together(work);

            assertThat(outcomes).containsOnlyOnce("done").anyMatch(outcome -> outcome.contains("Try again"));
        }
    }

    @Test
    void a_lost_connection_is_worth_another_try() throws Exception {
        String url = fresh();
        try (PipelineStore store = PostgresStore.open(url)) {
            assertThatThrownBy(() -> store.write(writer -> {
                        writer.put("a", "lost");
                        execute(
                                url,
                                "select pg_terminate_backend(pid) from pg_stat_activity"
                                        + " where application_name = 'pipeline-v2' and state = 'idle in transaction'");
                        writer.put("b", "lost");
                        return null;
                    }))
                    .isInstanceOf(TransientStoreException.class);
            store.write(writer -> {
                assertThat(writer.setting("a")).isEmpty();
                writer.put("a", "kept");
                return null;
            });
        }
    }

    @Test
    void a_schema_of_another_program_is_refused() throws Exception {
        String url = fresh();
        String schema = url.replaceFirst(".*=", "");
        execute(url, "create schema " + schema);
        execute(url, "create table " + schema + ".version_info (id integer)");

        assertThatThrownBy(() -> PostgresStore.open(url))
                .isExactlyInstanceOf(StoreException.class)
                .hasMessageContainingAll(schema, "another program (it has a table 'version_info')", "currentSchema");
    }

    @Test
    void a_schema_newer_than_the_program_is_refused() throws Exception {
        String url = fresh();
        PostgresStore.open(url).close();
        execute(url, "update flyway_schema_history set version = '99'");

        assertThatThrownBy(() -> PostgresStore.open(url))
                .isExactlyInstanceOf(StoreException.class)
                .hasMessageContainingAll("postgresql://", "schema version 99", "a newer one");
    }

    @Test
    void a_server_that_is_not_there_is_named_without_the_password() {
        assertThatThrownBy(() -> PostgresStore.open("postgresql://ann:s3cret@127.0.0.1:1/state"))
                .isInstanceOf(TransientStoreException.class)
                .hasMessageContainingAll("postgresql://127.0.0.1:1/state", "cannot be reached", "Check")
                .hasMessageNotContaining("s3cret");
    }

    @Test
    void a_read_cannot_write() {
        try (PipelineStore store = PostgresStore.open(fresh())) {
            assertThatThrownBy(() -> store.read(reader -> ((Transaction) reader).insert(study("ppo"))))
                    .isInstanceOf(StoreException.class);
        }
    }

    private static void await(CyclicBarrier barrier) {
        try {
            barrier.await();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private static void execute(String url, String statement) {
        try (Connection connection = DriverManager.getConnection(url);
                Statement s = connection.createStatement()) {
            s.execute(statement);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static <T> List<T> together(List<Callable<T>> work) throws Exception {
        var threads = Executors.newFixedThreadPool(work.size());
        try {
            List<T> results = new ArrayList<>();
            for (Future<T> one : threads.invokeAll(work)) {
                results.add(one.get());
            }
            return results;
        } finally {
            threads.shutdownNow();
        }
    }
}
