package io.pipelinev2.runner.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.pipelinev2.core.deployment.DeploymentHealth;
import io.pipelinev2.core.deployment.DeploymentStatus;
import io.pipelinev2.core.store.PipelineStore;
import io.pipelinev2.core.store.StoreReader;
import io.pipelinev2.runner.cli.Main;
import io.pipelinev2.runner.demo.DemoHome;
import io.pipelinev2.runner.sigkill.Home;
import io.pipelinev2.store.SqliteStore;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class DoctorCommandTest {

    @TempDir
    private Path directory;

    private final StringWriter out = new StringWriter();

    private int run(Path config, String... arguments) {
        List<String> all = new ArrayList<>(List.of("doctor", "--config", config.toString()));
        all.addAll(List.of(arguments));
        CommandLine commandLine = Main.commandLine();
        out.getBuffer().setLength(0);
        commandLine.setOut(new PrintWriter(out));
        return commandLine.execute(all.toArray(new String[0]));
    }

    private JsonNode json() {
        return JsonMapper.builder().build().readTree(out.toString());
    }

    private static Path state(Path home) throws IOException {
        Path state = Files.createDirectories(home.resolve("state"));
        Files.setPosixFilePermissions(state, PosixFilePermissions.fromString("rwx------"));
        return state;
    }

    @Test
    void a_new_home_is_looked_at_and_nothing_is_made() throws Exception {
        Path config = DemoHome.unpack(directory.resolve("home"));
        List<Path> before = files();
        int code = run(config, "--json");
        assertThat(code).as(out.toString()).isZero();
        assertThat(json().path("findings")).hasSizeGreaterThan(5);
        assertThat(files())
                .filteredOn(file -> !file.toString().contains("logs"))
                .isEqualTo(before);
    }

    private List<Path> files() throws IOException {
        try (var files = Files.walk(directory)) {
            return files.filter(file -> !file.toString().contains("logs"))
                    .sorted()
                    .toList();
        }
    }

    @Test
    void warnings_are_told_with_their_fixes_and_count_when_asked_to() throws Exception {
        Path config = DemoHome.unpack(directory.resolve("home"));
        Files.writeString(state(config.getParent()).resolve("KILL"), "");
        assertThat(run(config)).isZero();
        assertThat(out.toString()).contains("WARN  kill-switch").contains("fix: ");
        assertThat(run(config, "--strict")).isEqualTo(6);
    }

    @Test
    void without_a_place_for_logs_all_else_is_looked_at() throws Exception {
        Path config = DemoHome.unpack(directory.resolve("home"));
        Files.writeString(config.resolveSibling("logs"), "in the way");
        assertThat(run(config)).isEqualTo(5);
        assertThat(out.toString()).contains("FAIL  home").contains("logs").contains("kill-switch");
    }

    @Test
    void the_key_of_the_feed_is_looked_at() throws Exception {
        Path config = directory.resolve("pipeline.json");
        Files.writeString(config, """
                { "optuna": { "storage": "sqlite:///o.db" }, "stages": { "deploy": { "feed": {
                  "type": "http-bars", "url": "https://data.example.org/bars", "symbols": { "BTC": "BTC/USD" },
                  "timeframe": "1Hour", "key_file": "keys/feed" } } } }
                """);
        assertThat(run(config)).isEqualTo(5);
        assertThat(out.toString()).contains("the key of the feed").contains("keys/feed is not there");
    }

    @Test
    void what_does_not_work_ends_with_5() throws Exception {
        Path config = DemoHome.unpack(directory.resolve("home"));
        assertThat(run(config, "--unit", directory.resolve("none.service").toString()))
                .isEqualTo(5);
        assertThat(out.toString()).contains("FAIL  unit-file");
    }

    @Test
    void traders_that_were_given_up_or_are_not_looked_after_are_told() throws Exception {
        Path config = DemoHome.unpack(directory.resolve("home"));
        Home.create(directory.resolve("other"));
        Files.copy(directory.resolve("other/pipeline_v2.db"), config.resolveSibling("pipeline_v2.db"));
        try (PipelineStore store = SqliteStore.open(config.resolveSibling("pipeline_v2.db"))) {
            store.write(tx -> {
                var trial = tx.trial(Home.FIRST).orElseThrow();
                var wanted = tx.insert(io.pipelinev2.core.deployment.Deployment.wanted(
                        trial.id(), trial.key(), "0".repeat(64), "best", null, store.now()));
                return tx.update(
                        wanted,
                        wanted.change()
                                .status(DeploymentStatus.CRASHED)
                                .health(DeploymentHealth.CRASH_LOOP, "exit code 1")
                                .done());
            });
            assertThat(store.read(StoreReader::deployments)).hasSize(1);
        }
        run(config, "--json");
        assertThat(json().path("findings"))
                .filteredOn(finding -> finding.path("check").asString().equals("deployments"))
                .singleElement()
                .satisfies(finding -> assertThat(finding.path("fix").asString()).contains("restart ppo/7"));
        assertThat(json().path("findings"))
                .filteredOn(finding -> finding.path("check").asString().equals("supervisor"))
                .singleElement()
                .satisfies(
                        finding -> assertThat(finding.path("level").asString()).isEqualTo("WARN"));
    }

    @Test
    void a_file_that_is_no_database_is_told() throws Exception {
        Path config = DemoHome.unpack(directory.resolve("home"));
        Files.writeString(config.resolveSibling("pipeline_v2.db"), "no database at all, but long enough to be one");
        assertThat(run(config)).isEqualTo(5);
        assertThat(out.toString()).contains("FAIL  database");
    }
}
