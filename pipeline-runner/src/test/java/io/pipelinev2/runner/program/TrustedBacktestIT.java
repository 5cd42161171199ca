package io.pipelinev2.runner.program;

import static org.assertj.core.api.Assertions.assertThat;

import io.pipelinev2.runner.demo.DemoHome;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/** What a verdict rests on, as a user of the program sees it: panels, promotion, sealed bars, repetitions. */
@Timeout(180)
class TrustedBacktestIT {

    @TempDir
    private Path directory;

    private final CommandLineRun program = new CommandLineRun();
    private Path home;
    private Path config;

    @BeforeEach
    void a_home() throws IOException {
        home = directory.resolve("home");
        config = DemoHome.unpack(home);
    }

    private void change(String from, String to) throws IOException {
        String text = Files.readString(config);
        assertThat(text).contains(from);
        Files.writeString(config, text.replace(from, to));
    }

    private JsonNode json(int exitCode, String... command) {
        String[] arguments = Arrays.copyOf(command, command.length + 3);
        arguments[command.length] = "--json";
        arguments[command.length + 1] = "--config";
        arguments[command.length + 2] = config.toString();
        return program.run(arguments).exits(exitCode).json();
    }

    private void once() {
        program.run("once", "--config", config.toString()).ok();
    }

    @Test
    void a_look_at_one_trial_leaves_no_trace_but_the_report_that_was_asked_for() throws IOException {
        Path out = directory.resolve("out");
        JsonNode report = json(0, "backtest", "31", "--out", out.toString());

        assertThat(report.at("/overfit/figures/n_compared").asInt()).isEqualTo(1);
        assertThat(report.at("/overfit/figures/n_raw").asInt())
                .as("pruned ones too")
                .isGreaterThanOrEqualTo(28);
        assertThat(report.at("/code_version").isString()).isTrue();
        assertThat(Files.readString(out.resolve("report.html")))
                .contains("ppo_1h/31")
                .doesNotContain("<script");
        assertThat(home.resolve("pipeline_v2.db")).doesNotExist();
        assertThat(home.resolve("state")).doesNotExist();
    }

    @Test
    void enforcing_deploys_nobody_whom_luck_would_explain() throws IOException {
        change("\"backtest\": {", "\"backtest\": { \"overfit\": { \"mode\": \"enforce\" },");
        once();

        assertThat(json(0, "status").at("/trials_deployed").asInt()).isZero();
        JsonNode best = json(0, "show", "31");
        assertThat(best.at("/reason").stringValue())
                .startsWith("rank 1 of 26 by sharpe, but not deployed: deflated Sharpe failed");
        assertThat(best.at("/findings/overfit/objection").stringValue()).contains("backtest overfitting failed");
        assertThat(best.at("/findings/overfit/content/figures/n_compared").asInt())
                .as("the one that never trades was tried, too")
                .isEqualTo(27);
    }

    @Test
    void a_result_is_used_again_until_something_that_it_rests_on_changes() throws IOException {
        change("\"max_deployed\": 3", "\"enabled\": false");
        once();
        JsonNode before = json(0, "show", "31").at("/stages/backtest/results");
        JsonNode unchanged = json(0, "revalidate");
        assertThat(unchanged.at("/repeated").size()).isZero();
        assertThat(unchanged.at("/used_again").asInt()).isEqualTo(26);

        change("\"data\": {", "\"environment\": { \"slippage_bps\": 5 }, \"data\": {");
        JsonNode changed = json(0, "revalidate");
        assertThat(changed.at("/repeated").size()).isEqualTo(26);
        assertThat(changed.at("/repeated/0/changed/0").stringValue()).isEqualTo("the rules of the environment");
        // the models are gone from where they were trained; the validated copies are played
        try (Stream<Path> models = Files.walk(home.resolve("train_results"))) {
            for (Path model : models.filter(Files::isRegularFile).toList()) {
                Files.delete(model);
            }
        }
        once();

        JsonNode after = json(0, "show", "31");
        assertThat(after.at("/status").stringValue()).isEqualTo("completed");
        JsonNode results = after.at("/stages/backtest/results");
        assertThat(results.at("/environment/slippage_bps").asDouble()).isEqualTo(5);
        assertThat(results.at("/model_sha256")).isEqualTo(before.at("/model_sha256"));
        assertThat(results.at("/legacy_v2/final_value").asDouble())
                .isLessThan(before.at("/legacy_v2/final_value").asDouble());
        assertThat(json(0, "revalidate").at("/repeated").size()).isZero();
    }
}
