package io.pipelinev2.store;

import static io.pipelinev2.core.store.StoreSamples.AWKWARD;
import static io.pipelinev2.core.store.StoreSamples.study;
import static io.pipelinev2.core.store.StoreSamples.trial;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pipelinev2.core.store.PipelineStore;
import io.pipelinev2.core.store.StoreException;
import io.pipelinev2.core.store.StoreReader;
import io.pipelinev2.core.store.Study;
import io.pipelinev2.core.store.TransientStoreException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UpkeepTest {

    @TempDir
    Path home;

    private Path file() {
        return home.resolve("pipeline_v2.db");
    }

    private static List<String> findings(Upkeep upkeep) {
        return upkeep.checks().stream()
                .flatMap(check -> check.findings().stream())
                .toList();
    }

    @Test
    void a_sound_database_has_no_findings_while_it_is_in_use() {
        try (PipelineStore store = SqliteStore.open(file())) {
            store.write(writer -> writer.insert(trial(writer.insert(study("ppo")), 1)));
            assertThat(findings(SqliteUpkeep.of(file()))).isEmpty();
        }
    }

    @Test
    void every_kind_of_fault_is_told_in_words() throws Exception {
        try (PipelineStore store = SqliteStore.open(file())) {
            store.write(writer -> writer.insert(trial(writer.insert(study("ppo")), 1)));
        }
        sql(
                "pragma foreign_keys = off; pragma ignore_check_constraints = on",
                "update trials set status = 'parked'",
                "delete from studies",
                "update flyway_schema_history set version = '99.1'");

        assertThat(findings(SqliteUpkeep.of(file())))
                .hasSize(3)
                .anySatisfy(finding -> assertThat(finding).contains("Integrity", "CHECK", "trials"))
                .anySatisfy(finding -> assertThat(finding).contains("Row 1 of 'trials'", "'studies'"))
                .anySatisfy(finding -> assertThat(finding).contains("99.1", "a newer one"));
    }

    @Test
    void a_truncated_file_is_a_finding_of_every_check() throws Exception {
        SqliteStore.open(file()).close();
        try (FileChannel channel = FileChannel.open(file(), StandardOpenOption.WRITE)) {
            channel.truncate(channel.size() / 2);
        }
        assertThat(SqliteUpkeep.of(file()).checks())
                .allSatisfy(check -> assertThat(check.findings())
                        .isNotEmpty()
                        .allSatisfy(finding -> assertThat(finding).startsWith("Integrity: ")));
    }

    @Test
    void an_older_schema_is_told_and_left_as_it_is() throws Exception {
        SqliteStore.open(file()).close();
        sql("update flyway_schema_history set version = '0.9'");
        assertThat(findings(SqliteUpkeep.of(file()))).singleElement().asString().contains("0.9", "take a backup first");
    }

    @Test
    void what_is_no_state_is_neither_made_nor_changed() throws Exception {
        assertThatThrownBy(() -> findings(SqliteUpkeep.of(file())))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("There is no database");
        assertThatThrownBy(() -> SqliteUpkeep.of(file()).vacuum()).isInstanceOf(StoreException.class);
        assertThat(file()).doesNotExist();

        Files.writeString(file(), "no database at all ".repeat(100));
        assertThatThrownBy(() -> findings(SqliteUpkeep.of(file())))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("is not an SQLite database");

        Files.delete(file());
        sql("create table version_info (id integer)");
        byte[] before = Files.readAllBytes(file());
        assertThatThrownBy(() -> SqliteUpkeep.of(file()).vacuum())
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("does not hold the state of a pipeline");
        assertThat(Files.readAllBytes(file())).isEqualTo(before);
    }

    @Test
    void a_vacuum_gives_room_back_while_others_have_the_database_open() throws Exception {
        try (PipelineStore store = SqliteStore.open(file())) {
            Study study = store.write(writer -> writer.insert(study("ppo")));
            store.write(writer -> {
                for (int number = 0; number < 400; number++) {
                    writer.insert(trial(study, number).held(AWKWARD.repeat(10), store.now()));
                }
                return null;
            });
            sql("delete from trials where trial_number >= 10");

            Upkeep.Vacuumed vacuumed = SqliteUpkeep.of(file()).vacuum();

            assertThat(vacuumed.remark()).isNull();
            assertThat(vacuumed.bytesAfter())
                    .isLessThan(vacuumed.bytesBefore() / 2)
                    .isEqualTo(Files.size(file()));
            assertThat(store.<Integer>read(reader -> reader.trials().size())).isEqualTo(10);
            store.write(writer -> writer.insert(study("next")));
            assertThat(findings(SqliteUpkeep.of(file()))).isEmpty();
        }
    }

    @Test
    void a_reader_that_stays_keeps_the_log_and_that_is_said() throws Exception {
        try (PipelineStore store = SqliteStore.open(file());
                Connection reader = DriverManager.getConnection("jdbc:sqlite:" + file());
                Statement statement = reader.createStatement()) {
            store.write(writer -> writer.insert(study("ppo")));
            statement.execute("begin");
            try (ResultSet row = statement.executeQuery("select count(*) from studies")) {
                row.next();
            }
            assertThat(SqliteUpkeep.of(file(), Duration.ofMillis(100)).vacuum().remark())
                    .contains("Others are reading", file() + "-wal");
            statement.execute("rollback");
            assertThat(store.<List<Study>>read(StoreReader::studies)).hasSize(1);
        }
    }

    @Test
    void a_lock_that_stays_is_a_clear_error() throws Exception {
        try (PipelineStore store = SqliteStore.open(file());
                Connection other = DriverManager.getConnection("jdbc:sqlite:" + file());
                Statement statement = other.createStatement()) {
            store.write(writer -> writer.insert(study("ppo")));
            statement.execute("begin immediate");
            assertThatThrownBy(() ->
                            SqliteUpkeep.of(file(), Duration.ofMillis(100)).vacuum())
                    .isInstanceOf(TransientStoreException.class)
                    .hasMessageContainingAll(file().toString(), "locked by another process");
            statement.execute("rollback");
        }
    }

    @Test
    void a_postgresql_schema_is_looked_after_too() throws Exception {
        String url = PostgresServer.url("upkeep");
        PostgresUpkeep upkeep = PostgresUpkeep.of(url);
        assertThatThrownBy(() -> findings(upkeep))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("does not hold the state of a pipeline");

        try (PipelineStore store = PostgresStore.open(url)) {
            store.write(writer -> writer.insert(study("ppo")));
            assertThat(findings(upkeep)).isEmpty();
            assertThat(upkeep.vacuum().bytesAfter()).isPositive();
        }
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement()) {
            statement.execute("drop schema upkeep cascade");
        }
    }

    @Test
    void a_postgresql_server_that_cannot_be_reached() {
        assertThatThrownBy(() -> findings(PostgresUpkeep.of("jdbc:postgresql://127.0.0.1:1/pipeline")))
                .isInstanceOf(StoreException.class)
                .hasMessageContaining("cannot be reached");
    }

    private void sql(String... statements) throws SQLException {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + file());
                Statement s = connection.createStatement()) {
            for (String statement : statements) {
                s.executeUpdate(statement);
            }
        }
    }
}
