package io.pipelinev2.runner.extension;

import static org.assertj.core.api.Assertions.assertThat;

import io.pipelinev2.runner.cli.Main;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code P backtest} where a stage of one's own is the backtest, and trials come from a command: nothing of it is kept. */
class OwnBacktestCommandTest {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    @TempDir
    private Path home;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @BeforeEach
    void a_home_without_a_state() throws IOException {
        Files.writeString(home.resolve("trials.sh"), """
                case "$(cat)" in
                *'"request":"trials"'*)
                    echo '{ "studies": [ { "name": "own", "directions": ["maximize"],
                            "trials": [ { "number": 4, "values": [1] }, { "number": 5, "values": [2] } ] } ] }' ;;
                *) echo '{ "parameters": { "net": "small" } }' ;;
                esac
                """);
        Files.writeString(home.resolve("model.json"), "{}");
        curve("100, 110, 105, 120");
    }

    private void curve(String equity) throws IOException {
        Files.writeString(home.resolve("answer.json"), """
                { "verdict": "passed", "model": "model.json", "results": { "verdict": "mine", "score": 7 },
                  "series": [ { "name": "equity", "basis": "data", "values": [%s] },
                    { "name": "benchmark", "basis": "data", "values": [2, 2.5, 2, 2.25] },
                    { "name": "fills", "basis": "data", "values": [1, 0, 1] } ] }
                """.formatted(equity));
    }

    private int backtest(String command, String gates, String... more) throws IOException {
        Path file = Files.writeString(home.resolve("pipeline.json"), """
                {
                  "source": { "command": ["sh", "trials.sh"] },
                  "order": ["backtest"],
                  "stages": {
                    "backtest": { "command": [%s], "gates": [ %s ] },
                    "deploy": { "enabled": false }
                  }
                }
                """.formatted(command, gates));
        List<String> arguments = new ArrayList<>(List.of("backtest", "--config", file.toString()));
        arguments.addAll(List.of(more));
        out.getBuffer().setLength(0);
        err.getBuffer().setLength(0);
        CommandLine commands =
                Main.commandLine().setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
        return commands.execute(arguments.toArray(new String[0]));
    }

    private static String gate(String answer) {
        return "{ \"name\": \"own gate\", \"command\": [\"echo\", \"%s\"] }".formatted(answer.replace("\"", "\\\""));
    }

    private static final String YES = gate("{ \"verdict\": \"passed\", \"reason\": \"fine\" }");

    @Test
    void it_has_metrics_gates_panel_and_a_report_like_a_built_in_one() throws Exception {
        Path reports = home.resolve("reports");
        assertThat(backtest("\"cat\", \"answer.json\"", YES, "4", "--json", "--out", reports.toString()))
                .as(err.toString())
                .isZero();

        JsonNode json = JSON.readTree(out.toString());
        assertThat(json.get("study").asString()).isEqualTo("own");
        assertThat(json.get("verdict").asString()).isEqualTo("passed");
        assertThat(json.get("reason").asString()).isEqualTo("passed all 4 gates of v2-basic with own gates");
        assertThat(json.get("metrics").get("total_return").asDouble()).isBetween(0.199, 0.201);
        assertThat(json.get("legacy_v2").get("final_value").asDouble()).isEqualTo(120);
        assertThat(json.get("trades").asInt()).isEqualTo(2);
        assertThat(json.get("data_sha256").asString()).isEqualTo("data");
        assertThat(json.get("model_sha256").asString()).hasSize(64);
        assertThat(json.get("score").asInt()).isEqualTo(7);
        assertThat(json.get("gates")).hasSize(4);
        assertThat(json.get("overfit").isObject()).isTrue();

        assertThat(reports.resolve("equity.csv"))
                .hasContent("step,equity,cash\n0,100.0,\n1,110.0,\n2,105.0,\n3,120.0,\n");
        assertThat(Files.readString(reports.resolve("report.html")))
                .contains("Backtest of trial own/4: passed", "own gate passed: fine", "How much of it may be luck");
        JsonNode report = JSON.readTree(Files.readString(reports.resolve("report.json")));
        assertThat(report.get("equity").get("model")).hasSize(4);
        assertThat(report.get("equity").get("benchmark").get(1).asDouble()).isEqualTo(125);
        assertThat(report.get("verdict").get("gates")).hasSize(4);
        assertThat(report.get("identity").get("trial_parameters").get("net").asString())
                .isEqualTo("small");
        assertThat(JSON.readTree(Files.readString(reports.resolve("metrics.json"))))
                .isEqualTo(json);
        nothingIsKept();
    }

    private void nothingIsKept() throws IOException {
        assertThat(home.resolve("pipeline_v2.db")).doesNotExist();
        assertThat(home.resolve("state/models")).doesNotExist();
        try (Stream<Path> left = Files.walk(home.resolve("state"))) {
            assertThat(left.filter(Files::isRegularFile)).isEmpty();
        }
    }

    @Test
    void a_rejection_and_a_skip_are_told_and_exit_with_1() throws Exception {
        assertThat(backtest("\"cat\", \"answer.json\"", gate("{ \"verdict\": \"rejected\", \"reason\": \"no\" }"), "4"))
                .isEqualTo(1);
        assertThat(out.toString())
                .contains("Trial own/4: rejected: own gate failed: no")
                .contains("FAILED  own gate failed: no")
                .contains("passed  trades passed");
        assertThat(backtest(
                        "\"echo\", \"{\\\"verdict\\\": \\\"skipped\\\", \\\"reason\\\": \\\"not mine\\\"}\"", YES, "5"))
                .isEqualTo(1);
        assertThat(out.toString())
                .contains("Trial own/5: skipped: not mine")
                .contains("returned no series named equity");
        nothingIsKept();
    }

    @Test
    void what_goes_wrong_is_an_error_in_the_words_of_the_attempt() throws Exception {
        assertThat(backtest("\"false\"", YES, "4", "--json")).isEqualTo(1);
        JsonNode json = JSON.readTree(out.toString());
        assertThat(json.get("verdict").asString()).isEqualTo("error");
        assertThat(json.get("reason").asString()).contains("The command of stage backtest (false)", "exit code 1");
        assertThat(json.get("metrics").isNull()).isTrue();
        assertThat(backtest("\"cat\", \"answer.json\"", gate("maybe"), "4")).isEqualTo(1);
        assertThat(out.toString()).contains("error: The command of gate own gate", "gave no answer that can be used");
        curve("0, 1, 2, 3");
        assertThat(backtest("\"cat\", \"answer.json\"", YES, "4")).isEqualTo(1);
        assertThat(out.toString()).contains("error: Stage backtest returned no curve that can be measured");
        nothingIsKept();
    }

    @Test
    void a_source_that_fails_an_unknown_trial_and_an_unknown_gate_keep_their_exit_codes() throws Exception {
        assertThat(backtest("\"cat\", \"answer.json\"", YES, "6")).isEqualTo(3);
        assertThat(backtest("\"cat\", \"answer.json\"", "{ \"type\": \"nowhere\" }", "4"))
                .isEqualTo(4);
        assertThat(err.toString()).contains("type of a gate in stages.backtest.gates was 'nowhere'");
        Files.writeString(home.resolve("trials.sh"), "exit 1");
        assertThat(backtest("\"cat\", \"answer.json\"", YES, "4")).isEqualTo(5);
        assertThat(err.toString()).contains("The command of the trial source");
        nothingIsKept();
    }
}
