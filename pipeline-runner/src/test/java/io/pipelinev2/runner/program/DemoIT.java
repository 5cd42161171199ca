package io.pipelinev2.runner.program;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.offset;
import static org.assertj.core.api.Assertions.within;

import io.pipelinev2.runner.config.ConfigLoader;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The main job as a new user does it, with the real jar, the real study, real models and real traders. */
@Timeout(300)
class DemoIT {

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
    void twenty_eight_trials_come_in_and_the_top_three_trade_on_paper() throws Exception {
        Program program = program();
        Program.Result demo = program.run("demo", "--for", "3s").ok();

        assertThat(demo.out()).contains("28 trials").contains("31").contains("PAPER");
        assertThat(demo.out()).contains("0 trades").contains("trial_9_1h");
        assertThat(program.traders()).isEmpty();

        Path home = directory.resolve("pipeline-demo");
        String config = home.resolve("pipeline.json").toString();
        Map<Integer, JsonNode> trials = byNumber(
                program.run("trials", "--config", config, "--json").ok().json());
        assertThat(trials).hasSize(28);
        assertThat(numbers(trials, "deployed")).containsExactlyInAnyOrder(31, 6, 1);
        assertThat(numbers(trials, "failed")).containsExactlyInAnyOrder(25, 9);
        assertThat(numbers(trials, "completed")).hasSize(23);
        trials.values()
                .forEach(trial -> assertThat(trial.path("reason").asString())
                        .as("every trial has its reason: %s", trial)
                        .isNotBlank());
        assertThat(trials.get(31).path("rank").asInt()).isEqualTo(1);
        assertThat(trials.get(6).path("rank").asInt()).isEqualTo(2);
        assertThat(trials.get(1).path("rank").asInt()).isEqualTo(3);
        assertThat(trials.get(25).path("reason").asString()).contains("never trades");
        assertThat(trials.get(9).path("reason").asString())
                .contains("trial_9_1h")
                .contains("retry");
        assertThat(trials.get(9).at("/stages/backtest/attempts").asInt())
                .as("a missing model is permanent")
                .isEqualTo(1);

        compareWithTheOriginal(home, trials);
        everyMetricCanBeRankedBy(trials.get(31).path("metrics"));

        JsonNode status =
                program.run("status", "--config", config, "--json").ok().json();
        assertThat(status.path("trials_pending").asInt()).isZero();
        assertThat(status.path("trials_processing").asInt()).isZero();
        assertThat(status.path("trials_deployed").asInt()).isEqualTo(3);
        assertThat(status.path("trials_completed").asInt()).isEqualTo(23);
        assertThat(status.path("trials_failed").asInt()).isEqualTo(2);
        assertThat(status.path("last_check").asString()).endsWith("Z");

        // run twice, it goes on from where it was
        Program.Result again = program.run("demo", "--for", "2s").ok();
        assertThat(again.out()).contains("28 trials");
        Map<Integer, JsonNode> after = byNumber(
                program.run("trials", "--config", config, "--json").ok().json());
        assertThat(numbers(after, "deployed")).containsExactlyInAnyOrder(31, 6, 1);
        after.forEach((number, trial) -> assertThat(trial.at("/stages/backtest/attempts"))
                .as("trial %d was not backtested again", number)
                .isEqualTo(trials.get(number).at("/stages/backtest/attempts")));
    }

    private void everyMetricCanBeRankedBy(JsonNode metrics) throws Exception {
        assertThat(metrics.propertyNames()).hasSizeGreaterThan(20);
        for (String metric : metrics.propertyNames()) {
            Path file = Files.writeString(
                    directory.resolve("ranked.json"),
                    "{\"optuna\": {\"storage\": \"x.db\"}, \"stages\": {\"deploy\": {\"rank_by\": \"" + metric
                            + "\"}}}");
            assertThat(new ConfigLoader(Map.of(), directory)
                            .load(file, null)
                            .deploy()
                            .rankBy())
                    .isEqualTo(metric);
        }
    }

    /** legacy_v2 of every trial within the tolerances that two independent float32 forward passes allow. */
    private static void compareWithTheOriginal(Path home, Map<Integer, JsonNode> trials) throws Exception {
        JsonNode expected;
        try (InputStream in = DemoIT.class.getResourceAsStream("/expected-ppo_1h.json")) {
            expected = JsonMapper.builder().build().readTree(in);
        }
        Map<Integer, JsonNode> results = results(home);
        expected.path("values")
                .properties()
                .forEach(entry -> assertThat(trials.get(Integer.valueOf(entry.getKey()))
                                .path("value")
                                .asDouble())
                        .isEqualTo(entry.getValue().asDouble()));
        int compared = 0;
        for (Map.Entry<String, JsonNode> entry : expected.path("backtest").properties()) {
            int number = Integer.parseInt(entry.getKey());
            JsonNode original = entry.getValue();
            if (original.has("error")) {
                assertThat(results).doesNotContainKey(number);
                continue;
            }
            JsonNode ours = results.get(number);
            JsonNode legacy = ours.path("legacy_v2");
            double finalValue = original.path("final_value").asDouble();
            assertThat(legacy.path("final_value").asDouble())
                    .as("final value of %d", number)
                    .isCloseTo(finalValue, offset(1e-5 * finalValue));
            assertThat(legacy.path("total_return").asDouble())
                    .as("return of %d", number)
                    .isCloseTo(original.path("total_return").asDouble(), within(1e-5));
            assertThat(legacy.path("sharpe").asDouble())
                    .as("Sharpe of %d", number)
                    .isCloseTo(original.path("sharpe").asDouble(), within(1e-4));
            assertThat(legacy.path("max_drawdown").asDouble())
                    .as("drawdown of %d", number)
                    .isCloseTo(original.path("max_drawdown").asDouble(), within(1e-5));
            assertThat(legacy.path("steps").asInt())
                    .as("steps of %d", number)
                    .isEqualTo(original.path("steps").asInt());
            assertThat(ours.path("trades").asInt())
                    .as("trades of %d", number)
                    .isEqualTo(original.path("trades").asInt());
            compared++;
        }
        assertThat(compared).isEqualTo(27);
    }

    /** Read as any user can: with SQL, from the design document's table and columns. */
    private static Map<Integer, JsonNode> results(Path home) throws Exception {
        Map<Integer, JsonNode> results = new TreeMap<>();
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + home.resolve("pipeline_v2.db"));
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("select t.trial_number, s.results from stages s join trials t"
                        + " on t.trial_id = s.trial_id where s.stage_name = 'backtest' and s.results is not null")) {
            while (rows.next()) {
                results.put(rows.getInt(1), JsonMapper.builder().build().readTree(rows.getString(2)));
            }
        }
        return results;
    }

    static Map<Integer, JsonNode> byNumber(JsonNode json) {
        Map<Integer, JsonNode> trials = new TreeMap<>();
        json.path("trials").forEach(trial -> trials.put(trial.path("number").asInt(), trial));
        return trials;
    }

    static List<Integer> numbers(Map<Integer, JsonNode> trials, String status) {
        List<Integer> numbers = new ArrayList<>();
        trials.forEach((number, trial) -> {
            if (trial.path("status").asString().equals(status)) {
                numbers.add(number);
            }
        });
        return numbers;
    }
}
