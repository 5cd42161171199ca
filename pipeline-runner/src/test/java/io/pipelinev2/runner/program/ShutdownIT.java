package io.pipelinev2.runner.program;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.pipelinev2.runner.demo.DemoHome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** SIGTERM in the middle of things: an orderly end, soon, with nothing lost and nothing counted against a trial. */
@Timeout(120)
class ShutdownIT {

    @TempDir
    private Path directory;

    private Program program;
    private String config;

    @BeforeEach
    void a_home_whose_trials_wait_for_their_next_attempt() throws IOException {
        program = new Program(directory);
        Path home = directory.resolve("home");
        Path file = DemoHome.unpack(home);
        Files.writeString(
                file,
                Files.readString(file)
                        .replaceFirst(
                                "\\{",
                                "{ \"http\": { \"port\": 0 }, \"retry\": { \"delays\": [600] }, \"breaker\": {"
                                        + " \"trials\": 0 },")
                        .replace("\"max_deployed\": 3", "\"enabled\": false"));
        Files.move(home.resolve("data"), home.resolve("data-elsewhere"));
        config = file.toString();
    }

    private Map<Integer, JsonNode> trials() {
        CommandLineRun.Result result = new CommandLineRun().run("trials", "--config", config, "--json");
        return DemoIT.byNumber(result.ok().json());
    }

    private void awaitFirstAttempts() {
        await().atMost(Duration.ofSeconds(60))
                .until(() -> trials().values().stream()
                        .anyMatch(trial -> trial.at("/stages/backtest/attempts").asInt() == 1));
    }

    @Test
    void once_does_not_wait_for_retries_that_are_due_in_ten_minutes() {
        try (Program.Running once = program.start("once", "--config", config)) {
            awaitFirstAttempts();
            assertThat(once.terminate().exitCode()).isEqualTo(143);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        assertNothingRunsOrCrashed();
    }

    @Test
    void the_daemon_says_that_it_is_down() throws Exception {
        try (Program.Running daemon = program.start("run", "--config", config)) {
            awaitFirstAttempts();
            assertThat(daemon.terminate().exitCode()).isEqualTo(143);
        }
        assertNothingRunsOrCrashed();
        JsonNode status = new CommandLineRun()
                .run("status", "--config", config, "--json")
                .ok()
                .json();
        assertThat(status.path("pipeline").asString()).isEqualTo("down");
        assertThat(new CommandLineRun()
                        .run("status", "--config", config, "--exit-code")
                        .exitCode())
                .isEqualTo(6);
    }

    @Test
    void a_daemon_whose_lock_was_deleted_lets_no_second_one_in() throws Exception {
        try (Program.Running daemon = program.start("run", "--config", config)) {
            awaitFirstAttempts();
            Path lock = directory.resolve("home/state/daemon.lock");
            Files.delete(lock);

            assertThat(program.run("run", "--config", config).exits(7).err())
                    .contains("is held by daemon, pid " + daemon.process().pid(), "deleted", lock.toString());
            assertThat(new CommandLineRun()
                            .run("once", "--config", config)
                            .exits(7)
                            .err())
                    .contains("daemon, pid " + daemon.process().pid());

            daemon.kill();
        }
        try (Program.Running next = program.start("run", "--config", config)) {
            await().atMost(Duration.ofSeconds(60)).until(() -> next.errSoFar().contains("Running."));
            assertThat(next.terminate().exitCode()).isEqualTo(143);
        }
    }

    @Test
    void a_source_that_hangs_does_not_delay_the_end() throws Exception {
        Path began = directory.resolve("began");
        String file = Files.writeString(directory.resolve("hanging.json"), """
            { "source": { "command": ["sh", "-c", "touch '%s'; exec sleep 600"], "timeout_seconds": 300 },
              "http": { "port": 0 }, "stages": { "deploy": { "enabled": false } } }
            """.formatted(began))
                .toString();
        try (Program.Running daemon = program.start("run", "--config", file)) {
            await().atMost(Duration.ofSeconds(60)).until(() -> Files.exists(began));
            assertThat(daemon.terminate().exits(143).err()).contains("Ended in order.");
        }
        assertThat(directory.resolve("logs/pipeline.log")).content().contains("was told to end, and was killed");
    }

    @Test
    void a_demo_that_is_ended_early_leaves_no_trader_behind() throws Exception {
        try (Program.Running demo = program.start("demo")) {
            await().atMost(Duration.ofSeconds(60))
                    .until(() -> !program.traders().isEmpty());
            assertThat(demo.terminate().exitCode()).isEqualTo(143);
            assertThat(program.traders()).isEmpty();
        } finally {
            program.killTraders();
        }
    }

    private void assertNothingRunsOrCrashed() {
        trials().values().forEach(trial -> {
            assertThat(trial.at("/stages/backtest/status").asString()).isNotEqualTo("running");
            assertThat(trial.at("/stages/backtest/error_message").asString("")).doesNotContain("runner died");
        });
    }
}
