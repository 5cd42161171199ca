package io.pipelinev2.runner.program;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.pipelinev2.runner.demo.DemoHome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.time.Duration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Stages of a user's own in the packaged program: what becomes of their processes, and of broken plugins. */
@Timeout(180)
class UserStagesIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    private Path directory;

    private Program program;
    private Path home;
    private Path config;

    @BeforeEach
    void one_trial_and_one_slow_stage() throws Exception {
        program = new Program(directory);
        home = directory.resolve("home");
        config = DemoHome.unpack(home);
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + home.resolve("databases/optuna.db"));
                Statement statement = connection.createStatement()) {
            statement.executeUpdate("update trials set state = 'FAIL' where number != 31");
        }
        Files.writeString(config, """
                {
                  "optuna": { "storage": "sqlite:///databases/optuna.db" },
                  "http": { "port": 0 },
                  "order": ["slow"],
                  "stages": {
                    "backtest": { "enabled": false },
                    "slow": { "command": ["sh", "slow.sh"], "timeout_seconds": 600 },
                    "deploy": { "enabled": false }
                  }
                }
                """);
        Files.writeString(home.resolve("slow.sh"), """
                echo "it has begun" >&2
                if [ -e go ]; then echo '{"verdict": "passed"}'; exit 0; fi
                sleep 600 &
                echo $! > grandchild
                echo $$ > child
                sleep 600
                """);
    }

    private Program.Result run(String command, String... arguments) {
        String[] all = new String[arguments.length + 3];
        all[0] = command;
        all[1] = "--config";
        all[2] = config.toString();
        System.arraycopy(arguments, 0, all, 3, arguments.length);
        return program.run(all);
    }

    private long pid(String file) throws IOException {
        String text = Files.readString(home.resolve(file)).trim();
        return text.isEmpty() ? 0 : Long.parseLong(text);
    }

    private static boolean isAlive(long pid) {
        try {
            String stat = Files.readString(Path.of("/proc/" + pid + "/stat"));
            return stat.charAt(stat.lastIndexOf(')') + 2) != 'Z';
        } catch (IOException gone) {
            return false;
        }
    }

    private void awaitAnotherChildThan(long before) {
        await().atMost(PATIENCE)
                .until(() -> Files.exists(home.resolve("child")) && pid("child") > 0 && pid("child") != before);
    }

    @Test
    void no_command_outlives_its_daemon_for_longer_than_until_the_next_start() throws Exception {
        long child;
        long grandchild;
        try (Program.Running daemon = program.start("run", "--config", config.toString())) {
            awaitAnotherChildThan(0);
            child = pid("child");
            grandchild = pid("grandchild");
            daemon.kill();
        }
        try (Program.Running daemon = program.start("run", "--config", config.toString())) {
            awaitAnotherChildThan(child);
            assertThat(isAlive(child)).isFalse();
            assertThat(isAlive(grandchild)).isFalse();
            child = pid("child");
            grandchild = pid("grandchild");
            assertThat(isAlive(child)).isTrue();
            assertThat(daemon.terminate().exitCode()).isEqualTo(143);
        }
        assertThat(isAlive(child)).isFalse();
        assertThat(isAlive(grandchild)).isFalse();

        Files.writeString(home.resolve("go"), "");
        run("once").ok();
        assertThat(run("trials").ok().out()).contains("completed");
        assertThat(run("logs", "31").ok().out()).contains("slow: it has begun");
    }

    @Test
    void a_look_at_a_trial_takes_its_command_with_it_when_it_is_ended() throws Exception {
        Files.writeString(
                config,
                Files.readString(config)
                        .replace("\"slow\": {", "\"backtest\": {")
                        .replace("\"backtest\": { \"enabled\": false },", "")
                        .replace("[\"slow\"]", "[\"backtest\"]"));
        try (Program.Running look = program.start("backtest", "31", "--config", config.toString())) {
            awaitAnotherChildThan(0);
            assertThat(isAlive(pid("child"))).isTrue();
            assertThat(look.terminate().exitCode()).isEqualTo(143);
        }
        assertThat(isAlive(pid("child"))).isFalse();
        assertThat(isAlive(pid("grandchild"))).isFalse();
        Files.writeString(home.resolve("go"), "");
        assertThat(run("backtest", "31").ok().out()).contains("passed: passed");
        assertThat(home.resolve("pipeline_v2.db")).doesNotExist();
    }

    @Test
    void a_broken_plugin_keeps_work_from_beginning_and_nothing_from_being_read() throws Exception {
        Files.createDirectories(home.resolve("plugins"));
        Files.writeString(home.resolve("plugins/broken.jar"), "not a jar");
        assertThat(run("once").exits(4).err())
                .contains(
                        "pipeline.json: plugins/broken.jar cannot be read as a jar (", "build it again, or remove it");
        run("status").ok();
        assertThat(run("doctor").out()).contains("plugins/broken.jar cannot be read as a jar");
        Files.delete(home.resolve("plugins/broken.jar"));
        Files.writeString(home.resolve("go"), "");
        run("once").ok();
    }
}
