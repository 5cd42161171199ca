package io.pipelinev2.runner.extension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.pipelinev2.backtest.gate.CustomGate;
import io.pipelinev2.backtest.gate.GateDecision;
import io.pipelinev2.core.Pipeline;
import io.pipelinev2.core.stage.Stage;
import io.pipelinev2.core.stage.StageRun;
import io.pipelinev2.core.stage.StageStatus;
import io.pipelinev2.core.trial.InMemoryTrialSource;
import io.pipelinev2.core.trial.TrialKey;
import io.pipelinev2.runner.HomeLock;
import io.pipelinev2.runner.PipelineHome;
import io.pipelinev2.runner.config.ConfigException;
import io.pipelinev2.runner.config.ConfigLoader;
import io.pipelinev2.runner.config.PipelineConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Gates of a user's own, by command, in a jar and by object, in a home whose backtest is a file. */
class UserGatesTest {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final TrialKey TRIAL = new TrialKey("study", 3);

    @TempDir
    private Path home;

    @BeforeEach
    void a_backtest_that_passes_all_thresholds() throws IOException {
        Files.writeString(home.resolve("model.json"), "{}");
        Files.writeString(home.resolve("answer.json"), """
                { "verdict": "passed", "model": "model.json", "series": [
                    { "name": "equity", "basis": "data", "values": [100, 110, 105] },
                    { "name": "fills", "basis": "data", "values": [1, 0] } ] }
                """);
    }

    private PipelineConfig config(String gates) throws IOException {
        Path file = Files.writeString(home.resolve("pipeline.json"), """
                {
                  "source": { "type": "memory" },
                  "order": ["backtest"],
                  "stages": {
                    "backtest": { "command": ["cat", "answer.json"], "max_attempts": 1, "gates": [ %s ] },
                    "deploy": { "enabled": false }
                  }
                }
                """.formatted(gates));
        return new ConfigLoader(Map.of(), home).load(file, null);
    }

    private static Extensions.Builder trials() {
        return Extensions.builder().trialSource("memory", new InMemoryTrialSource().add("study", 3, 0.5));
    }

    private StageRun judged(String gates, Extensions.Builder extensions) throws Exception {
        PipelineConfig config = config(gates);
        try (HomeLock lock = HomeLock.take(home, "test");
                PipelineHome opened = PipelineHome.open(config, extensions.build());
                Pipeline pipeline = opened.pipeline(lock)) {
            pipeline.runOnce();
            return opened.store()
                    .read(tx -> tx.stage(tx.trial(TRIAL).orElseThrow().id(), "backtest")
                            .orElseThrow());
        }
    }

    private StageRun judged(String gates) throws Exception {
        return judged(gates, trials());
    }

    private List<String> faults(String gates, Extensions.Builder extensions) throws Exception {
        ConfigException thrown = catchThrowableOfType(ConfigException.class, () -> judged(gates, extensions));
        return thrown == null ? List.of() : thrown.faults();
    }

    private String command(String name, String script) throws IOException {
        Files.writeString(home.resolve(name + ".sh"), script);
        return "{ \"name\": \"%s\", \"command\": [\"sh\", \"%s.sh\", \"{study}\", \"{number}\"] }"
                .formatted(name, name);
    }

    private boolean isModelKept() {
        return Files.exists(home.resolve("state/models"));
    }

    @Test
    void a_command_is_told_the_figures_and_its_yes_is_one_gate_of_four() throws Exception {
        StageRun run = judged(command("calm", """
                cat > told
                echo "looking at $1 $2" >&2
                echo '{ "verdict": "passed", "reason": "nothing odd" }'
                """).replace(" }", ", \"settings\": { \"limit\": 7 } }"));

        assertThat(run.status()).as(run.reason()).isEqualTo(StageStatus.PASSED);
        assertThat(run.reason()).isEqualTo("passed all 4 gates of v2-basic with own gates");
        assertThat((List<?>) run.results().get("gates")).last().asString().contains("words=calm passed: nothing odd");
        JsonNode told = JSON.readTree(Files.readString(home.resolve("told")));
        assertThat(told.get("gate").asString()).isEqualTo("calm");
        assertThat(told.get("study").asString()).isEqualTo("study");
        assertThat(told.get("number").asInt()).isEqualTo(3);
        assertThat(told.get("complete_trials").isNull()).isFalse();
        assertThat(told.get("settings").get("limit").asInt()).isEqualTo(7);
        assertThat(told.get("metrics").get("total_return").asDouble()).isBetween(0.049, 0.051);
        assertThat(told.get("metrics").get("legacy_v2.total_return").isNumber()).isTrue();
        assertThat(told.get("metrics").get("beta").isNull()).isTrue();
        assertThat(told.get("remarks").get("beta").asString()).contains("was not reported");
        assertThat(told.get("equity")).hasSize(3);
        assertThat(isModelKept()).isTrue();
    }

    @Test
    void its_no_is_the_reason_of_the_trial_and_no_model_is_kept() throws Exception {
        StageRun run = judged(
                command("mondays", "echo '{ \"verdict\": \"rejected\", \"reason\": \"it only earns on Mondays\" }'"));
        assertThat(run.status()).isEqualTo(StageStatus.FAILED);
        assertThat(run.reason()).isEqualTo("mondays failed: it only earns on Mondays");
        assertThat(run.results()).containsKey("model_sha256");
        assertThat(isModelKept()).isFalse();
    }

    @Test
    void what_fails_a_threshold_is_not_asked_about() throws Exception {
        StageRun run = judged("{ \"metric\": \"total_return\", \"at_least\": 9 }, " + command("calm", "touch asked"));
        assertThat(run.reason()).startsWith("total_return failed: total_return is 0.05, must be >= 9");
        assertThat(home.resolve("asked")).doesNotExist();
        assertThat(isModelKept()).isFalse();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    exit 3                                                 | ended with exit code 3. It wrote nothing to its standard error.
                    echo broken >&2; exit 64                               | ended with exit code 64. Its last words:\\nbroken
                    echo yes                                               | the output began with 'yes', which is not JSON
                    true                                                   | the output was empty; standard output must hold one JSON object
                    echo '{"verdict":"maybe"}'                             | verdict was 'maybe' but must be passed or rejected
                    echo '{"verdict":"rejected"}'                          | reason was missing but must be text that says why
                    echo '{"verdict":"passed","reason":7}'                 | reason was 7 but must be text that says why
                    echo '{"verdict":"passed","result":{}}'                | it has the key 'result', which is not known; known are verdict, reason
                    echo '{"verdict":"passed"}'; echo more                 | the output went on after its object
                    """)
    void nothing_passes_a_command_that_does_not_answer(String script, String finding) throws Exception {
        StageRun run = judged(command("odd", script));
        assertThat(run.status()).isEqualTo(StageStatus.FAILED);
        assertThat(run.errorMessage())
                .contains("The command of gate odd (sh odd.sh study 3), on trial study/3,")
                .contains(finding.replace("\\n", "\n"));
        assertThat(isModelKept()).isFalse();
    }

    @Test
    void one_that_takes_too_long_is_killed_with_all_that_it_started() throws Exception {
        StageRun run = judged(command("slow", "sleep 600 & echo $! > child; sleep 600")
                .replace(" }", ", \"timeout_seconds\": 0.5 }"));
        assertThat(run.errorMessage()).contains("took longer than 500 ms (timeout_seconds of the gate) and was killed");
        long child = Long.parseLong(Files.readString(home.resolve("child")).trim());
        Path stat = Path.of("/proc", String.valueOf(child), "stat");
        assertThat(!Files.exists(stat) || Files.readString(stat).contains(") Z"))
                .isTrue();
    }

    @Test
    void one_that_is_not_there_is_an_error_that_says_so() throws Exception {
        assertThat(judged("{ \"name\": \"gone\", \"command\": [\"no-such-program\"] }")
                        .errorMessage())
                .contains("the command of gate 'gone' (stages.backtest.gates) begins with no-such-program")
                .contains("not on the PATH");
    }

    @Test
    void a_class_in_a_jar_judges_by_its_settings() throws Exception {
        new JarSource().gateFactory("Drawdowns", """
                public String type() { return "drawdowns"; }
                public CustomGate create(GateConfiguration configuration) {
                    if (!(configuration.settings().get("most") instanceof Long most)) {
                        throw new IllegalArgumentException("most must be a whole number");
                    }
                    return CustomGate.of(configuration.name(), evidence -> {
                        int fell = 0;
                        double[] equity = evidence.equity();
                        for (int i = 1; i < equity.length; i++) { fell += equity[i] < equity[i - 1] ? 1 : 0; }
                        String reason = fell + " steps lost, at most " + most + " may";
                        return fell <= most ? GateDecision.passed(reason) : GateDecision.rejected(reason);
                    });
                }
                """).packedInto(home, "drawdowns.jar");
        String gate = "{ \"type\": \"drawdowns\", \"name\": \"steady\", \"settings\": { \"most\": %s } }";

        StageRun passed = judged(gate.formatted(1));
        assertThat(passed.status()).as(passed.errorMessage()).isEqualTo(StageStatus.PASSED);
        assertThat((List<?>) passed.results().get("thresholds"))
                .last()
                .isEqualTo("steady by type drawdowns {\"most\":1}");

        assertThat(faults(gate.formatted("\"few\""), trials()))
                .containsExactly("pipeline.json: settings of the gate 'steady' in stages.backtest.gates:"
                        + " most must be a whole number (says plugins/drawdowns.jar, class plugin.Drawdowns)");
        assertThat(faults("{ \"type\": \"drawdown\" }", trials()))
                .containsExactly(
                        "pipeline.json: type of a gate in stages.backtest.gates was 'drawdown' but must be a type"
                                + " that a jar in plugins/ or the host application provides; did you mean 'drawdowns'?");
    }

    @Test
    void whatever_a_class_throws_nothing_passes_it() throws Exception {
        new JarSource().gateFactory("Broken", """
                public String type() { return "broken"; }
                public CustomGate create(GateConfiguration configuration) {
                    return CustomGate.of(configuration.name(), evidence -> {
                        throw new ExceptionInInitializerError("no table");
                    });
                }
                """).packedInto(home, "broken.jar");
        StageRun run = judged("{ \"type\": \"broken\" }");
        assertThat(run.status()).isEqualTo(StageStatus.FAILED);
        assertThat(run.errorMessage())
                .contains("Gate 'broken' could not judge trial study/3")
                .contains("plugins/broken.jar, class plugin.Broken", "no table");
        assertThat(isModelKept()).isFalse();
    }

    @Test
    void an_object_of_a_host_application_judges_if_it_is_asked_for() throws Exception {
        CustomGate mine = CustomGate.of("mine", evidence -> GateDecision.rejected("not by " + evidence.trial()));
        assertThat(judged("{ \"type\": \"mine\" }", trials().gate(mine)).reason())
                .isEqualTo("mine failed: not by study/3");
        assertThat(faults("{ \"metric\": \"sharpe\", \"at_least\": 0 }", trials().gate(mine)))
                .containsExactly(
                        "pipeline.json: the host application brings the gate 'mine', which the configuration does not ask"
                                + " for: add { \"type\": \"mine\" } to stages.backtest.gates");
        assertThat(faults("{ \"type\": \"mine\", \"settings\": { \"a\": 1 } }", trials().gate(mine)))
                .containsExactly(
                        "pipeline.json: name and settings of the gate 'mine' in stages.backtest.gates must be left"
                                + " out: it is an object of the host application, made already");
        assertThatThrownBy(() -> trials().gate(mine).gate(mine)).hasMessageContaining("gate 'mine' was added twice");
        assertThatThrownBy(() -> trials().gate(CustomGate.of("Not a type", evidence -> GateDecision.passed(""))))
                .hasMessageContaining("a lower-case letter");
    }

    @Test
    void faults_of_stages_and_of_gates_are_told_at_once() throws Exception {
        assertThat(faults(
                        "{ \"type\": \"nowhere\" }, { \"type\": \"elsewhere\" }",
                        trials().stage(Stage.of("unasked", context -> {
                            throw new AssertionError();
                        }))))
                .hasSize(3)
                .anySatisfy(fault -> assertThat(fault).contains("the stage 'unasked'"))
                .anySatisfy(fault -> assertThat(fault).contains("'nowhere'"))
                .anySatisfy(fault -> assertThat(fault).contains("'elsewhere'"));
    }
}
