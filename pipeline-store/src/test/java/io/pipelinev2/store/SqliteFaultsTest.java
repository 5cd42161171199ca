package io.pipelinev2.store;

import static io.pipelinev2.core.store.StoreSamples.AWKWARD;
import static io.pipelinev2.core.store.StoreSamples.study;
import static io.pipelinev2.core.store.StoreSamples.trial;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pipelinev2.core.Clock;
import io.pipelinev2.core.store.PipelineStore;
import io.pipelinev2.core.store.StoreException;
import io.pipelinev2.core.store.StoreReader;
import io.pipelinev2.core.store.Study;
import io.pipelinev2.core.store.TransientStoreException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every fault names the file, the rule it broke, and the next step. */
class SqliteFaultsTest {

    @TempDir
    Path home;

    private Path file() {
        return home.resolve("pipeline_v2.db");
    }

    private void refused(ThrowingCallable work, String rule, String nextStep) {
        assertThatThrownBy(work)
                .isExactlyInstanceOf(StoreException.class)
                .hasMessageContainingAll(file().toString(), rule, nextStep);
    }

    @Test
    void a_directory() throws Exception {
        Files.createDirectory(file());
        refused(() -> SqliteStore.open(file()), "is a directory", "name a file");
    }

    @Test
    void a_file_where_a_directory_should_be() throws Exception {
        Path parent = Files.writeString(home.resolve("plain"), "text");
        assertThatThrownBy(() -> SqliteStore.open(parent.resolve("pipeline_v2.db")))
                .isExactlyInstanceOf(StoreException.class)
                .hasMessageContainingAll(parent.toString(), "cannot be made", "choose another place");
    }

    @Test
    void a_place_where_nobody_may_write() {
        assertThatThrownBy(() -> SqliteStore.open(Path.of("/proc/self/pipeline_v2.db")))
                .isExactlyInstanceOf(StoreException.class)
                .hasMessageContainingAll("/proc/self/pipeline_v2.db", "cannot be made", "may be written");
    }

    @Test
    void a_file_of_another_kind() throws Exception {
        Files.writeString(file(), "trial,value\n1,0.5\n".repeat(200));
        refused(() -> SqliteStore.open(file()), "is not an SQLite database", "Choose another file");
        assertThat(Files.readString(file())).startsWith("trial,value");
    }

    @Test
    void the_database_of_another_program_which_is_left_as_it_was() throws Exception {
        sql("create table version_info (id integer)");
        byte[] before = Files.readAllBytes(file());

        refused(() -> SqliteStore.open(file()), "of another program (it has a table 'version_info')", "another name");

        assertThat(Files.readAllBytes(file())).isEqualTo(before);
        assertThat(home.toFile().list()).containsExactly("pipeline_v2.db");
    }

    @Test
    void a_schema_newer_than_the_program() throws Exception {
        SqliteStore.open(file()).close();
        sql("insert into flyway_schema_history select 99, '99.1', 'later', type, 'V99_1__later.sql', 1, installed_by,"
                + " installed_on, 1, success from flyway_schema_history where installed_rank = 1");

        refused(() -> SqliteStore.open(file()), "of schema version 99.1", "a newer one");
    }

    @Test
    void a_damaged_file() throws Exception {
        try (PipelineStore store = SqliteStore.open(file())) {
            store.write(writer -> {
                Study study = writer.insert(study("ppo"));
                for (int number = 0; number < 500; number++) {
                    writer.insert(trial(study, number).held(AWKWARD, store.now()));
                }
                return null;
            });
        }
        try (FileChannel channel = FileChannel.open(file(), StandardOpenOption.WRITE)) {
            long size = channel.size();
            for (long at = 4096; at < size; at += 4096) {
                channel.write(ByteBuffer.wrap(new byte[100]), at);
            }
        }

        refused(
                () -> {
                    try (PipelineStore store = SqliteStore.open(file())) {
                        store.read(StoreReader::trials);
                    }
                },
                "is damaged",
                "Restore a backup");
    }

    @Test
    void a_lock_that_another_process_keeps() throws Exception {
        try (PipelineStore store = SqliteStore.open(new SqliteFile(file(), Duration.ofMillis(100)), Clock.system());
                Connection other = DriverManager.getConnection("jdbc:sqlite:" + file());
                Statement statement = other.createStatement()) {
            statement.execute("begin immediate");

            assertThatThrownBy(() -> store.write(writer -> writer.insert(study("ppo"))))
                    .isInstanceOf(TransientStoreException.class)
                    .hasMessageContainingAll(file().toString(), "locked by another process", "try again");
            assertThat(store.<List<Study>>read(StoreReader::studies))
                    .as("readers wait for nobody")
                    .isEmpty();
            SqliteStore.open(file()).close();

            statement.execute("rollback");
            store.write(writer -> writer.insert(study("ppo")));
        }
    }

    @Test
    void a_word_that_the_program_does_not_know() throws Exception {
        try (PipelineStore store = SqliteStore.open(file())) {
            store.write(writer -> writer.insert(trial(writer.insert(study("ppo")), 1)));
            sql("pragma ignore_check_constraints = on; update trials set status = 'parked'");

            assertThatThrownBy(() -> store.read(StoreReader::trials))
                    .isExactlyInstanceOf(StoreException.class)
                    .hasMessageContainingAll("PARKED", "changed by hand");
            assertThatThrownBy(() -> store.read(StoreReader::countByStatus)).isExactlyInstanceOf(StoreException.class);
        }
    }

    @Test
    void json_that_is_none() throws Exception {
        try (PipelineStore store = SqliteStore.open(file())) {
            store.write(writer -> writer.insert(trial(writer.insert(study("ppo")), 1)));
            sql("update trials set objective_values = '[0.5'");

            assertThatThrownBy(() -> store.read(StoreReader::trials))
                    .isExactlyInstanceOf(StoreException.class)
                    .hasMessageContainingAll("JSON", "changed by hand");
        }
    }

    @Test
    void a_word_that_the_schema_does_not_know() {
        SqliteStore.open(file()).close();
        assertThatThrownBy(() -> sql("insert into health (component, status, message) values ('x', 'unwell', '')"))
                .hasMessageContaining("health_status");
    }

    private void sql(String statement) throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file());
                Statement s = connection.createStatement()) {
            s.executeUpdate(statement);
        }
    }
}
