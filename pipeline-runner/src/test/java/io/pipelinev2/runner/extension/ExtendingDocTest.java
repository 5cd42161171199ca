package io.pipelinev2.runner.extension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.pipelinev2.core.Pipeline;
import io.pipelinev2.core.execution.RefusedException;
import io.pipelinev2.core.stage.StageRun;
import io.pipelinev2.core.stage.StageStatus;
import io.pipelinev2.core.trial.Trial;
import io.pipelinev2.core.trial.TrialStatus;
import io.pipelinev2.runner.HomeLock;
import io.pipelinev2.runner.PipelineHome;
import io.pipelinev2.runner.cli.Main;
import io.pipelinev2.runner.config.ConfigLoader;
import io.pipelinev2.runner.config.PipelineConfig;
import io.pipelinev2.runner.demo.DemoHome;
import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What docs/extending.md shows is so: its snippets are taken from there, and run in a home. */
class ExtendingDocTest {

    private static final Path DOC = Path.of("../docs/extending.md");
    private static final JsonMapper JSON = JsonMapper.builder().build();

    @TempDir
    private Path directory;

    private static List<String> blocks(String language) throws IOException {
        List<String> blocks = new ArrayList<>();
        Matcher fences = Pattern.compile("^```" + language + "\n(.*?)^```$", Pattern.DOTALL | Pattern.MULTILINE)
                .matcher(Files.readString(DOC));
        while (fences.find()) {
            blocks.add(fences.group(1));
        }
        return blocks;
    }

    private static String block(String language, int index) throws IOException {
        return blocks(language).get(index);
    }

    /** The demo's home with four of its trials, and one trader that only sleeps. */
    private PipelineConfig home(String members, String stages) throws Exception {
        Path home = directory.resolve("home");
        Path file = DemoHome.unpack(home);
        try (Connection connection = DriverManager.getConnection("jdbc:sqlite:" + home.resolve("databases/optuna.db"));
                Statement statement = connection.createStatement()) {
            statement.executeUpdate("update trials set state = 'FAIL' where number not in (1, 6, 8, 31)");
        }
        String text = Files.readString(file).replace("\"backtest\": { \"gates\": \"v2-basic\" },", "");
        String deploy =
                "\"max_deployed\": 1, \"command\": [\"sleep\", \"600\"], \"start_seconds\": 0.1, \"stop_grace\": 1";
        Files.writeString(
                file,
                text.replaceFirst("\\{", Matcher.quoteReplacement("{ " + members + ", "))
                        .replaceFirst("\"stages\": \\{", Matcher.quoteReplacement("\"stages\": { " + stages + ", "))
                        .replace("\"max_deployed\": 3", deploy));
        return new ConfigLoader(Map.of(), home).load(file, null);
    }

    private static Map<Integer, Map<String, StageRun>> once(PipelineConfig config) throws InterruptedException {
        Map<Integer, Map<String, StageRun>> trials = new TreeMap<>();
        try (HomeLock lock = HomeLock.take(config.home(), "test");
                PipelineHome home = PipelineHome.open(config)) {
            try (Pipeline pipeline = home.pipeline(lock)) {
                pipeline.runOnce();
            }
            try {
                for (Trial trial : home.store().read(tx -> tx.trialsIn(List.of(TrialStatus.values())))) {
                    Map<String, StageRun> stages = new TreeMap<>();
                    home.store().read(tx -> tx.stages(trial.id())).forEach(stage -> stages.put(stage.name(), stage));
                    trials.put(trial.key().number(), stages);
                }
            } finally {
                home.deployments().standDown(lock, "the test is over");
            }
        }
        return trials;
    }

    private static StageStatus status(Map<Integer, Map<String, StageRun>> trials, int number, String stage) {
        return trials.get(number).get(stage).status();
    }

    @Test
    void a_plugin_and_a_command_stand_between_backtest_and_deployment() throws Exception {
        PipelineConfig config = home(
                "\"order\": [\"backtest\", \"careful\", \"odd\", \"deploy\"]",
                "\"careful\": { \"type\": \"drawdown-limit\", \"settings\": { \"limit\": 0.9 } },"
                        + " \"odd\": { \"command\": [\"sh\", \"checks/odd.sh\", \"{number}\"] }");
        Files.createDirectories(config.home().resolve("checks"));
        Files.writeString(config.home().resolve("checks/odd.sh"), block("sh", 0));
        JarSource.ofSource("example.Drawdown", block("java", 0)).packedInto(config.home(), "drawdown.jar");

        Map<Integer, Map<String, StageRun>> trials = once(config);

        assertThat(trials.keySet()).containsExactly(1, 6, 8, 31);
        for (int number : trials.keySet()) {
            Map<String, StageRun> stages = trials.get(number);
            if (stages.get("backtest").status() != StageStatus.PASSED) {
                continue;
            }
            assertThat(stages.get("careful").status()).isEqualTo(StageStatus.PASSED);
            assertThat(stages.get("careful").reason()).startsWith("drawdown 0").endsWith("limit 0.9");
            assertThat(stages.get("odd").status()).isEqualTo(number % 2 == 1 ? StageStatus.PASSED : StageStatus.FAILED);
        }
        assertThat(status(trials, 31, "deploy")).isEqualTo(StageStatus.PASSED);
        assertThat(status(trials, 6, "odd")).isEqualTo(StageStatus.FAILED);
        assertThat(trials.get(6).get("odd").reason()).isEqualTo("an even number");
    }

    @Test
    void a_command_in_place_of_the_backtest_is_ranked_and_deployed() throws Exception {
        PipelineConfig config = home(
                "\"order\": [\"backtest\", \"deploy\"]",
                "\"backtest\": { \"command\": [\"sh\", \"own.sh\", \"{number}\", \"{model_dir}\"] }");
        // ranked by a figure of its own making, on no data at all
        Files.writeString(config.home().resolve("own.sh"), """
                cat <<END
                { "verdict": "passed", "model": "$2/actor.pth",
                  "results": { "metrics": { "sharpe": $(( 100 - $1 )), "total_return": null } } }
                END
                """);

        Map<Integer, Map<String, StageRun>> trials = once(config);

        assertThat(trials.keySet()).containsExactly(1, 6, 8, 31);
        assertThat(status(trials, 1, "deploy")).isEqualTo(StageStatus.PASSED);
        try (PipelineHome home = PipelineHome.open(config)) {
            assertThatThrownBy(home::revalidation).isInstanceOf(RefusedException.class);
        }
        StringWriter said = new StringWriter();
        CommandLine commands = Main.commandLine().setErr(new PrintWriter(said, true));
        assertThat(commands.execute("backtest", "--config", config.file().toString(), "1"))
                .isEqualTo(8);
        assertThat(said.toString()).contains("A stage of your own replaces the backtest");
        for (int number : List.of(6, 8, 31)) {
            assertThat(status(trials, number, "backtest")).isEqualTo(StageStatus.PASSED);
            assertThat(trials.get(number).get("deploy").status()).isNotEqualTo(StageStatus.PASSED);
        }
    }

    @Test
    void every_configuration_that_is_shown_is_one() throws Exception {
        List<String> configurations = blocks("json").stream()
                .filter(each -> each.startsWith("\"order\""))
                .toList();
        assertThat(configurations).hasSize(2);
        Path file = directory.resolve("pipeline.json");
        for (String each : configurations) {
            Files.writeString(file, "{ " + each + ", \"optuna\": { \"storage\": \"optuna.db\" } }");
            PipelineConfig config = new ConfigLoader(Map.of(), directory).load(file, null);
            assertThat(config.userStages())
                    .hasSize(1)
                    .allSatisfy((name, stage) -> assertThat(stage.settings()).containsEntry("limit", 0.2));
        }
    }

    @Test
    void the_source_that_is_shown_takes_the_place_of_optuna() throws Exception {
        Path file = Files.writeString(directory.resolve("pipeline.json"), "{ " + block("json", 4) + " }");
        PipelineConfig config = new ConfigLoader(Map.of(), directory).load(file, null);
        assertThat(config.source())
                .hasValueSatisfying(source -> assertThat(source.settings()).containsEntry("table", "runs"));
    }

    @Test
    void the_trial_and_the_answer_that_are_shown_have_the_keys_that_there_are() throws Exception {
        try (CommandRun run = new CommandRun(directory)) {
            run.script("cat > told; echo '{\"verdict\":\"passed\"}'");
        }
        JsonNode told = JSON.readTree(Files.readString(directory.resolve("told")));
        JsonNode shown = JSON.readTree(block("json", 1));
        assertThat(told.propertyNames()).containsExactlyElementsOf(shown.propertyNames());

        CommandAnswer answer = CommandAnswer.read(block("json", 2).getBytes(StandardCharsets.UTF_8));
        assertThat(answer.verdict()).isEqualTo(CommandAnswer.Verdict.PASSED);
        assertThat(answer.series()).hasSize(1);
        assertThat(answer.model()).endsWith("actor.onnx");
    }

    @Test
    void the_python_script_answers_the_trial_that_is_shown() throws Exception {
        assertThat(block("python", 0)).contains("json.load(sys.stdin)", "\"verdict\"");
        boolean installed = Stream.of(System.getenv("PATH").split(":"))
                .anyMatch(directory -> Files.isExecutable(Path.of(directory, "python3")));
        if (!installed) {
            return;
        }
        Path script = Files.writeString(directory.resolve("drawdown.py"), block("python", 0));
        Path trial = Files.writeString(directory.resolve("trial.json"), block("json", 1));
        File output = directory.resolve("answer.json").toFile();
        Process python = new ProcessBuilder("python3", script.toString())
                .redirectInput(trial.toFile())
                .redirectOutput(output)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        assertThat(python.waitFor()).isZero();
        CommandAnswer answer = CommandAnswer.read(Files.readAllBytes(output.toPath()));
        assertThat(answer.reason()).isEqualTo("drawdown 0.110, limit 0.2");
        assertThat(answer.results()).containsEntry("drawdown", 0.11);
    }

    @Test
    void the_examples_are_what_is_shown() throws IOException {
        Path examples = Path.of("../examples");
        assertThat(examples.resolve("custom-stage-plugin/src/main/java/example/Drawdown.java"))
                .hasContent(block("java", 0));
        assertThat(examples.resolve("python-stage/checks/drawdown.py")).hasContent(block("python", 0));
    }

    @Test
    void the_host_applications_snippet_compiles() throws Exception {
        String snippet = block("java", 1);
        int body = snippet.indexOf("static void run");
        String source = snippet.substring(0, body) + "final class Host { " + snippet.substring(body) + "}";
        Path jar = JarSource.ofSource("Host", source)
                .against(System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")))
                .packedInto(directory, "host.jar");
        assertThat(jar).isNotEmptyFile();
    }
}
