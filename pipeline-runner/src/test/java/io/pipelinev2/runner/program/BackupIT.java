package io.pipelinev2.runner.program;

import static org.assertj.core.api.Assertions.assertThat;

import io.pipelinev2.runner.HomeLock;
import io.pipelinev2.runner.demo.DemoHome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.Comparator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** Backup and restore as an operator does them. */
@Timeout(120)
class BackupIT {

    @TempDir
    private Path directory;

    private final CommandLineRun quick = new CommandLineRun();

    @AfterEach
    void no_process_is_left() throws Exception {
        Program program = new Program(directory);
        var left = program.traders();
        program.killTraders();
        assertThat(left).as("processes left behind").isEmpty();
    }

    @Test
    void a_home_is_backed_up_while_it_trades_destroyed_and_restored() throws Exception {
        Program program = new Program(directory);
        program.run("demo", "--no-daemon").ok();
        Path home = directory.resolve("pipeline-demo");
        String config = home.resolve("pipeline.json").toString();
        Path backup = directory.resolve("backups/today");
        JsonNode trials = quick.run("trials", "--json", "--config", config).ok().json();

        assertThat(program.run("backup", backup.toString(), "--config", config)
                        .ok()
                        .out())
                .contains("Backed up", backup.toString(), "restore");
        assertThat(program.traders()).as("they trade on").hasSize(3);
        assertThat(backup.resolve("state/deployments/1/ledger.jsonl")).exists();
        assertThat(quick.run("restore", backup.toString(), "--config", config)
                        .exits(8)
                        .err())
                .contains("traders", "`stop`");

        program.killTraders();
        destroy(home.resolve("pipeline_v2.db"));
        destroy(home.resolve("state"));
        Files.delete(home.resolve("pipeline.json"));
        assertThat(program.run("restore", backup.toString(), "--config", config)
                        .ok()
                        .out())
                .contains("Restored the backup of", home.toString());

        assertThat(quick.run("trials", "--json", "--config", config).ok().json())
                .isEqualTo(trials);
        assertThat(quick.run("db", "check", "--config", config).ok().out()).isEqualToIgnoringNewLines("ok\n");
        assertThat(home.resolve("state/models")).isDirectory();
    }

    private static void destroy(Path path) throws IOException {
        try (Stream<Path> all = Files.walk(path)) {
            for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
                Files.delete(each);
            }
        }
    }

    @Test
    void exit_codes_and_words_of_all_four_commands() throws Exception {
        Path home = directory.resolve("home");
        String config = DemoHome.unpack(home).toString();
        Path backup = directory.resolve("backup");
        assertThat(quick.run("backup", backup.toString(), "--config", config)
                        .exits(5)
                        .err())
                .contains("There is no database");
        quick.run("trials", "--config", config).ok();

        quick.run("backup", backup.toString(), "--config", config).ok();
        assertThat(quick.run("backup", backup.toString(), "--config", config)
                        .exits(8)
                        .err())
                .contains("is not empty");
        quick.run("backup").exits(2);
        try (HomeLock lock = HomeLock.take(home, "daemon")) {
            assertThat(lock).isNotNull();
            assertThat(quick.run("restore", backup.toString(), "--config", config)
                            .exits(7)
                            .err())
                    .contains("is held by daemon");
        }
        assertThat(quick.run("restore", home.toString(), "--config", config)
                        .exits(5)
                        .err())
                .contains("it is no backup");
        quick.run("restore", backup.toString(), "--config", config).ok();
        Path fresh = directory.resolve("fresh");
        quick.run("restore", backup.toString(), "--home", fresh.toString()).ok();
        assertThat(fresh.resolve("pipeline.json")).exists();
        assertThat(fresh.resolve("pipeline_v2.db")).exists();

        assertThat(quick.run("db", "vacuum", "--config", config).ok().out()).contains("before", "now");
        assertThat(quick.run("db", "check", "--json", "--config", config)
                        .ok()
                        .json()
                        .path("ok")
                        .asBoolean())
                .isTrue();
        sql(
                home,
                "pragma foreign_keys = off; insert into events (type, trial_id, actor, origin, message)"
                        + " values ('trial_discovered', 77, 'a', 'b', 'c')");
        assertThat(quick.run("db", "check", "--config", config).exits(1).out())
                .contains("of 'events' refers to a row of 'trials'");
        JsonNode json =
                quick.run("db", "check", "--json", "--config", config).exits(1).json();
        assertThat(json.path("ok").asBoolean()).isFalse();
        assertThat(json.path("checks").get(1).path("findings")).hasSize(1);
        Files.writeString(home.resolve("pipeline_v2.db"), "no database ".repeat(1000));
        quick.run("db", "check", "--config", config).exits(5);
        quick.run("db", "vacuum", "--config", config).exits(5);
        assertThat(quick.run("db").exits(2).err()).contains("check or vacuum");
    }

    private static void sql(Path home, String statements) throws Exception {
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + home.resolve("pipeline_v2.db"));
                Statement statement = connection.createStatement()) {
            for (String each : statements.split("; ")) {
                statement.executeUpdate(each);
            }
        }
    }
}
