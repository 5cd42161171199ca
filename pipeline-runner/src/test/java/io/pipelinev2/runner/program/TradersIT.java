package io.pipelinev2.runner.program;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** The traders of the demo without a daemon: they live on, and an operator's commands are carried out all the same. */
@Timeout(300)
class TradersIT {

    private static final String STUDY = "ppo_1h";

    @TempDir
    private Path directory;

    private Program program() {
        return new Program(directory);
    }

    @AfterEach
    void no_process_is_left() throws Exception {
        Program program = program();
        List<ProcessHandle> left = program.traders();
        program.killTraders();
        assertThat(left).as("processes left behind").isEmpty();
    }

    @Test
    void without_a_daemon_the_traders_live_on_and_stop_ends_one_for_good() throws Exception {
        Program program = program();
        program.run("demo", "--no-daemon").ok();
        try {
            Path home = directory.resolve("pipeline-demo");
            String config = home.resolve("pipeline.json").toString();
            assertThat(program.traders()).hasSize(3);
            List<Path> ledgers = ledgers(home);
            assertThat(ledgers).hasSize(3);
            List<Long> before = sizes(ledgers);
            await().atMost(Duration.ofSeconds(30)).untilAsserted(() -> {
                List<Long> now = sizes(ledgers);
                for (int i = 0; i < now.size(); i++) {
                    assertThat(now.get(i)).isGreaterThan(before.get(i));
                }
            });

            Program.Result stop = program.run("stop", "--config", config, "31").ok();
            assertThat(stop.out()).contains(STUDY + "/31");
            assertThat(program.traders()).hasSize(2);
            JsonNode stopped = deployment(program, config, 31);
            assertThat(stopped.path("status").asString()).isEqualTo("stopped");
            assertThat(stopped.path("desired").asString()).isEqualTo("stopped");
            program.run("stop", "--config", config, "31").ok();

            // it stays stopped, and no trial of the same batch takes its slot
            program.run("once", "--config", config).ok();
            assertThat(program.traders()).hasSize(2);
            Map<Integer, JsonNode> trials = DemoIT.byNumber(
                    program.run("trials", "--config", config, "--json").ok().json());
            assertThat(DemoIT.numbers(trials, "deployed")).containsExactlyInAnyOrder(6, 1);
            assertThat(trials.get(31).path("status").asString()).isEqualTo("completed");

            // until it is named
            program.run("deploy", "--config", config, "31").ok();
            await().atMost(Duration.ofSeconds(30)).until(() -> program.traders().size() == 3);
            for (String number : List.of("31", "6", "1")) {
                program.run("stop", "--config", config, STUDY + "/" + number).ok();
            }
            assertThat(program.traders()).isEmpty();

            // what they did plays again to the last bit, also from a copy that does not know where the model lies
            for (Path ledger : ledgers) {
                assertThat(program.run("trade", "--verify", ledger.getParent().toString())
                                .ok()
                                .out())
                        .contains("PAPER account", "to the last bit");
            }
            program.run("trade", "--verify", home.toString()).exits(3);
        } finally {
            program.killTraders();
        }
    }

    private static JsonNode deployment(Program program, String config, int number) {
        for (JsonNode deployment : program.run("deployments", "--config", config, "--json")
                .ok()
                .json()
                .path("deployments")) {
            if (deployment.path("number").asInt() == number) {
                return deployment;
            }
        }
        throw new AssertionError("no deployment of trial " + number);
    }

    private static List<Path> ledgers(Path home) throws Exception {
        try (var files = Files.walk(home.resolve("state").resolve("deployments"))) {
            return files.filter(file -> file.endsWith("ledger.jsonl")).sorted().toList();
        }
    }

    private static List<Long> sizes(List<Path> files) throws Exception {
        List<Long> sizes = new ArrayList<>();
        for (Path file : files) {
            sizes.add(Files.size(file));
        }
        return sizes;
    }
}
