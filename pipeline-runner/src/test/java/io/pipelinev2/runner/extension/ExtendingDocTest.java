package io.pipelinev2.runner.extension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.pipelinev2.backtest.gate.GateEvidence;
import io.pipelinev2.backtest.gate.GateFactory;
import io.pipelinev2.core.Pipeline;
import io.pipelinev2.core.RefusedException;
import io.pipelinev2.core.stage.Series;
import io.pipelinev2.core.stage.StageRun;
import io.pipelinev2.core.stage.StageStatus;
import io.pipelinev2.core.trial.Trial;
import io.pipelinev2.core.trial.TrialKey;
import io.pipelinev2.core.trial.TrialStatus;
import io.pipelinev2.runner.HomeLock;
import io.pipelinev2.runner.PipelineHome;
import io.pipelinev2.runner.cli.Main;
import io.pipelinev2.runner.config.ConfigLoader;
import io.pipelinev2.runner.config.PipelineConfig;
import io.pipelinev2.runner.config.UserGate;
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
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
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

    private static Map<Integer, Map<String, StageRun>> once(PipelineConfig config) throws Exception {
        return once(config, home -> {});
    }

    /** What is looked at before the traders are ended again. */
    @FunctionalInterface
    private interface Look {
        void at(PipelineHome home) throws Exception;
    }

    private static Map<Integer, Map<String, StageRun>> once(PipelineConfig config, Look look) throws Exception {
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
                look.at(home);
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
        assertThat(said(config, 0, "backtest", "1"))
                .contains("Trial ppo_1h/1: passed: passed")
                .contains("returned no series named equity");
        for (int number : List.of(6, 8, 31)) {
            assertThat(status(trials, number, "backtest")).isEqualTo(StageStatus.PASSED);
            assertThat(trials.get(number).get("deploy").status()).isNotEqualTo(StageStatus.PASSED);
        }
    }

    /** What a command prints on the home. */
    private static String said(PipelineConfig config, int exitCode, String command, String... arguments) {
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        List<String> all =
                new ArrayList<>(List.of(command, "--config", config.file().toString()));
        all.addAll(List.of(arguments));
        CommandLine commands =
                Main.commandLine().setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
        assertThat(commands.execute(all.toArray(new String[0])))
                .as(err.toString())
                .isEqualTo(exitCode);
        return out.toString();
    }

    private static String blockWith(String language, String text) throws IOException {
        return blocks(language).stream()
                .filter(each -> each.contains(text))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no block with " + text));
    }

    @Test
    void every_configuration_that_is_shown_is_one() throws Exception {
        List<String> configurations = blocks("json").stream()
                .filter(each -> each.startsWith("\"order\""))
                .toList();
        assertThat(configurations).hasSize(3);
        Path file = directory.resolve("pipeline.json");
        for (String each : configurations) {
            Files.writeString(file, "{ " + each + ", \"optuna\": { \"storage\": \"optuna.db\" } }");
            PipelineConfig config = new ConfigLoader(Map.of(), directory).load(file, null);
            assertThat(config.userStages())
                    .hasSize(1)
                    .allSatisfy((name, stage) -> assertThat(stage.settings())
                            .containsEntry(
                                    name.equals("backtest") ? "fee" : "limit", name.equals("backtest") ? 0.0005 : 0.2));
        }
    }

    @Test
    void the_source_that_is_shown_takes_the_place_of_optuna() throws Exception {
        Path file =
                Files.writeString(directory.resolve("pipeline.json"), "{ " + blockWith("json", "\"orders\"") + " }");
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
        if (!isPythonInstalled()) {
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

    private static boolean isPythonInstalled() {
        return Stream.of(System.getenv("PATH").split(":"))
                .anyMatch(directory -> Files.isExecutable(Path.of(directory, "python3")));
    }

    /** The inner of an object that is shown as a member of another. */
    private static String inner(String member) {
        return member.substring(member.indexOf('{') + 1, member.lastIndexOf('}'))
                .strip();
    }

    private static Map<Integer, String> wordsOfTheGate(Map<Integer, Map<String, StageRun>> trials) {
        Map<Integer, String> words = new TreeMap<>();
        trials.forEach((number, stages) -> {
            List<?> gates = (List<?>) stages.get("backtest").results().get("gates");
            Map<?, ?> last = (Map<?, ?>) gates.get(gates.size() - 1);
            if (last.get("metric") == null) {
                words.put(number, last.get("passed") + " " + last.get("words"));
            }
        });
        return words;
    }

    @Test
    void a_gate_in_python_and_the_same_in_a_jar_judge_the_built_in_backtest_alike() throws Exception {
        assertThat(block("python", 3)).contains("\"verdict\"", "told[\"equity\"]");
        if (!isPythonInstalled()) {
            return;
        }
        String stages = inner(blockWith("json", "gates/luck.py"));
        PipelineConfig scripted = home("\"order\": [\"backtest\", \"deploy\"]", stages);
        Path script = scripted.home().resolve("gates/luck.py");
        Files.createDirectories(script.getParent());
        Files.writeString(script, block("python", 3));
        Map<Integer, String> words = new TreeMap<>(wordsOfTheGate(once(scripted)));
        assertThat(words)
                .isNotEmpty()
                .allSatisfy((number, word) -> assertThat(word)
                        .startsWith("true few lucky hours passed: the best hundredth of the hours made 0.")
                        .endsWith("of all gains, at most 0.5 may be"));
        int passed = words.keySet().iterator().next();
        assertThat(said(scripted, 0, "show", String.valueOf(passed)))
                .contains("passed all 5 gates of v2-basic with own gates")
                .contains("    passed  few lucky hours passed: the best hundredth");
        Path reports = directory.resolve("reports");
        assertThat(said(scripted, 0, "backtest", String.valueOf(passed), "--out", reports.toString()))
                .contains("  passed  few lucky hours passed: the best hundredth");
        assertThat(reports.resolve("report.html")).content().contains("few lucky hours passed: the best hundredth");

        Files.move(directory.resolve("home"), directory.resolve("before"));
        String own = "{ \"type\": \"few-lucky-hours\", \"settings\": { \"share\": 0.5 } }";
        assertThat(Files.readString(DOC)).contains(own);
        PipelineConfig compiled = home(
                "\"order\": [\"backtest\", \"deploy\"]",
                stages.replaceFirst("\\{ \"name\": \"few[^}]*\\} \\}", Matcher.quoteReplacement(own)));
        JarSource.ofSource("example.FewLuckyHours", block("java", 3))
                .against(JarSource.programClassPath())
                .providing(GateFactory.class)
                .packedInto(compiled.home(), "luck.jar");
        Map<Integer, String> same = new TreeMap<>(wordsOfTheGate(once(compiled)));
        same.replaceAll((number, word) -> word.replace("few-lucky-hours", "few lucky hours"));
        assertThat(same).isEqualTo(words);
    }

    @Test
    void what_a_gate_is_told_is_what_is_shown() throws Exception {
        List<String> words = List.of("sh", "-c", "cat > told; echo '{ \"verdict\": \"passed\" }'");
        try (BoundedRuns runs = new BoundedRuns(directory.resolve("state"), "runner", runner -> true)) {
            UserGate gate = new UserGate(
                    "few lucky hours", Optional.of(words), "command", Map.of("share", 0.5), Duration.ofSeconds(10));
            GateEvidence evidence = new GateEvidence(
                    new TrialKey("ppo-hourly", 31),
                    Map.of("sharpe", 2.1),
                    Map.of(),
                    new double[] {500, 501.2},
                    OptionalLong.of(120));
            assertThat(new CommandGate(gate, words, directory, runs)
                            .judge(evidence)
                            .passed())
                    .isTrue();
        }
        JsonNode told = JSON.readTree(Files.readString(directory.resolve("told")));
        JsonNode shown = JSON.readTree(blockWith("json", "\"complete_trials\""));
        assertThat(told.propertyNames()).containsExactlyElementsOf(shown.propertyNames());
        for (String key :
                List.of("version", "gate", "study", "number", "complete_trials", "settings", "timeout_seconds")) {
            assertThat(told.get(key)).as(key).isEqualTo(shown.get(key));
        }
    }

    /** A home whose trials come from the table that is shown, by a script or by what it answers. */
    private PipelineConfig homeOfTheTable() throws Exception {
        Path table = Files.writeString(directory.resolve("table.sh"), block("sh", 2));
        Process made = new ProcessBuilder("sh", table.toString())
                .directory(directory.toFile())
                .inheritIO()
                .start();
        assertThat(made.waitFor()).isZero();
        Path file = Files.writeString(directory.resolve("pipeline.json"), """
                { %s, "order": ["check"], "stages": {
                  "check": { "command": ["sh", "-c", "cat > seen-$0; echo '{ \\"verdict\\": \\"passed\\" }'", "{number}"] },
                  "backtest": { "enabled": false }, "deploy": { "enabled": false } } }
                """.formatted(
                        blockWith("json", "trials.py").strip()));
        return new ConfigLoader(Map.of(), directory).load(file, null);
    }

    @Test
    void the_trial_source_in_python_brings_the_finished_runs_of_the_table() throws Exception {
        assertThat(block("python", 4)).contains("asked[\"request\"] == \"trials\"");
        if (!isPythonInstalled()) {
            return;
        }
        Files.writeString(directory.resolve("trials.py"), block("python", 4));
        PipelineConfig config = homeOfTheTable();
        assertThat(once(config).keySet()).containsExactly(0, 2);
        JsonNode seen = JSON.readTree(Files.readString(directory.resolve("seen-2")));
        assertThat(seen.get("study").asString()).isEqualTo("grid");
        assertThat(seen.get("values").get(0).asDouble()).isEqualTo(1.75);
        assertThat(seen.get("parameters").get("net_dimension").asInt()).isEqualTo(128);
        assertThat(said(config, 0, "trials")).contains("grid");

        Path table = directory.resolve("runs.csv");
        Files.writeString(
                table,
                Files.readString(table).replace("1,running,2026-03-01T08:10:00Z,", "1,done,2026-03-01T08:10:00Z,1.6"));
        assertThat(once(config).keySet()).containsExactly(0, 1, 2);
    }

    @Test
    void what_a_source_is_asked_and_answers_is_what_is_shown() throws Exception {
        String trials = blockWith("json", "\"studies\"");
        String details = blockWith("json", "\"user_attributes\": {}");
        Files.writeString(directory.resolve("trials.json"), trials);
        Files.writeString(directory.resolve("details.json"), details);
        Files.writeString(
                directory.resolve("trials.sh"),
                "cat > asked; grep -q '\"request\":\"trials\"' asked && what=trials || what=details\n"
                        + "mv asked asked-$what; cat $what.json");
        PipelineConfig shown = homeOfTheTable();
        Files.writeString(
                shown.file(),
                Files.readString(shown.file()).replace("\"python3\", \"trials.py\"", "\"sh\", \"trials.sh\""));
        assertThat(once(new ConfigLoader(Map.of(), directory).load(shown.file(), null))
                        .keySet())
                .containsExactly(2);
        for (String request : List.of("trials", "details")) {
            JsonNode asked = JSON.readTree(Files.readString(directory.resolve("asked-" + request)));
            JsonNode told = JSON.readTree(blockWith("json", "\"request\": \"" + request + "\""));
            assertThat(asked.propertyNames()).containsExactlyElementsOf(told.propertyNames());
            for (String key : told.propertyNames()) {
                if (!key.equals("home")) {
                    assertThat(asked.get(key)).as(key).isEqualTo(told.get(key));
                }
            }
        }
    }

    @Test
    void the_host_applications_gate_compiles() throws Exception {
        Path jar = JarSource.ofSource("Hosted", """
                        import io.pipelinev2.backtest.gate.CustomGate;
                        import io.pipelinev2.backtest.gate.GateDecision;
                        import io.pipelinev2.runner.extension.Extensions;
                        final class Hosted { static Extensions made() { %s return extensions; } }
                        """.formatted(block("java", 4)))
                .against(JarSource.programClassPath())
                .packedInto(directory, "hosted.jar");
        assertThat(jar).isNotEmptyFile();
    }

    /** The demo's home, with all that the worked example puts into it. */
    private PipelineConfig homeOfTheExample() throws Exception {
        Path home = home("\"retention\": \"90d\"", "\"cge_stress\": {}").home();
        Files.writeString(home.resolve("backtest.py"), block("python", 1));
        Files.writeString(home.resolve("trader.py"), block("python", 2));
        Path script = Files.writeString(home.resolve("prices.sh"), block("sh", 1));
        Process prices = new ProcessBuilder("sh", script.toString())
                .directory(home.toFile())
                .inheritIO()
                .start();
        assertThat(prices.waitFor()).isZero();
        String shown = block("json", 4)
                .replace("/srv/pipeline", home.toString())
                .replace("\"max_deployed\": 1", "\"max_deployed\": 1, \"start_seconds\": 0.1, \"stop_grace\": 1");
        Path file = Files.writeString(
                home.resolve("pipeline.json"),
                "{ " + shown + ", \"optuna\": { \"storage\": \"databases/optuna.db\" },"
                        + " \"models\": { \"directory\": \"train_results/cwd_tests/trial_{number}_1h\" } }");
        return new ConfigLoader(Map.of(), home).load(file, null);
    }

    @Test
    void the_backtest_in_python_is_measured_gated_ranked_reviewed_and_deployed() throws Exception {
        assertThat(block("python", 1)).contains("\"equity\": equity", "\"model\"");
        if (!isPythonInstalled()) {
            return;
        }
        PipelineConfig config = homeOfTheExample();
        List<String> reviewed = new ArrayList<>();

        Map<Integer, Map<String, StageRun>> trials = once(config, home -> {
            for (Trial trial : home.store().read(tx -> tx.trialsIn(List.of(TrialStatus.values())))) {
                home.store().read(tx -> tx.findings(trial.id())).forEach(finding -> reviewed.add(finding.name()));
            }
            await().atMost(Duration.ofMinutes(1)).until(() -> said(config).contains("would trade by {'window': "));
        });

        assertThat(trials.keySet()).containsExactly(1, 6, 8, 31);
        int best = 0;
        double highest = Double.NEGATIVE_INFINITY;
        for (int number : trials.keySet()) {
            StageRun backtest = trials.get(number).get("backtest");
            assertThat(backtest.status()).as(backtest.reason()).isEqualTo(StageStatus.PASSED);
            assertThat(backtest.reason()).isEqualTo("passed all 4 gates of v2-basic with own gates");
            Map<?, ?> metrics = (Map<?, ?>) backtest.results().get("metrics");
            double sharpe = (Double) metrics.get("sharpe");
            assertThat((Double) metrics.get("trades")).isPositive();
            assertThat(metrics.get("beta")).isNotNull();
            assertThat(metrics.get("exposure_time")).isNull();
            if (sharpe > highest) {
                best = number;
                highest = sharpe;
            }
        }
        assertThat(reviewed).hasSize(4).containsOnly("overfit");
        Path reports = directory.resolve("reports");
        JsonNode alone =
                JSON.readTree(said(config, 0, "backtest", String.valueOf(best), "--json", "--out", reports.toString()));
        StageRun recorded = trials.get(best).get("backtest");
        assertThat(alone.get("verdict").asString()).isEqualTo("passed");
        assertThat(alone.get("reason").asString()).isEqualTo(recorded.reason());
        assertThat(alone.get("metrics").get("sharpe").asDouble()).isEqualTo(highest);
        assertThat(alone.get("model_sha256").asString())
                .isEqualTo(recorded.results().get("model_sha256"));
        assertThat(alone.get("overfit").get("figures").get("n_compared").asInt())
                .isEqualTo(4);
        assertThat(reports.resolve("report.html"))
                .content()
                .contains("passed all 4 gates", "How much of it may be luck", "Equity against the benchmark");
        for (int number : trials.keySet()) {
            assertThat(status(trials, number, "deploy") == StageStatus.PASSED).isEqualTo(number == best);
        }
    }

    /** What traders have written. */
    private static String said(PipelineConfig config) throws IOException {
        StringBuilder said = new StringBuilder();
        try (Stream<Path> files = Files.walk(config.home())) {
            for (Path log :
                    files.filter(file -> file.toString().endsWith(".log")).toList()) {
                said.append(Files.readString(log));
            }
        }
        return said.toString();
    }

    @Test
    void the_curve_of_a_built_in_backtest_comes_back_from_a_command_with_the_same_figures() throws Exception {
        PipelineConfig builtIn = home("\"order\": [\"backtest\", \"deploy\"]", "\"cge_stress\": {}");
        Map<Integer, String> answers = new TreeMap<>();
        Map<Integer, Map<String, StageRun>> before = once(builtIn, home -> {
            for (Trial trial : home.store().read(tx -> tx.trialsIn(List.of(TrialStatus.values())))) {
                List<Series> series = home.store().read(tx -> tx.seriesOf(trial.id(), "backtest"));
                answers.put(
                        trial.key().number(), JSON.writeValueAsString(Map.of("verdict", "passed", "series", series)));
            }
        });
        Files.move(directory.resolve("home"), directory.resolve("before"));
        PipelineConfig external = home(
                "\"order\": [\"backtest\", \"deploy\"]",
                "\"backtest\": { \"command\": [\"cat\", \"{number}.json\"], \"gates\": \"v2-basic\" }");
        for (Map.Entry<Integer, String> answer : answers.entrySet()) {
            Files.writeString(external.home().resolve(answer.getKey() + ".json"), answer.getValue());
        }

        Map<Integer, Map<String, StageRun>> after = once(external);

        assertThat(after.keySet()).isEqualTo(before.keySet()).hasSize(4);
        int passed = 0;
        for (int number : after.keySet()) {
            StageRun expected = before.get(number).get("backtest");
            StageRun found = after.get(number).get("backtest");
            Map<?, ?> figures = (Map<?, ?>) found.results().get("metrics");
            for (String name :
                    List.of("total_return", "sharpe", "sortino", "max_drawdown", "psr_vs_0", "volatility_ann")) {
                assertThat(figures.get(name))
                        .as(name)
                        .isNotNull()
                        .isEqualTo(((Map<?, ?>) expected.results().get("metrics")).get(name));
            }
            for (String key : List.of("legacy_v1", "legacy_v2", "data_sha256", "periods_per_year")) {
                assertThat(found.results())
                        .containsEntry(key, expected.results().get(key));
            }
            if (expected.status() == StageStatus.PASSED) {
                // only of those fills are kept, and without fills nobody passes
                passed++;
                assertThat(found.reason()).isEqualTo(expected.reason());
                assertThat(found.results())
                        .containsEntry("gates", expected.results().get("gates"));
            } else {
                assertThat(found.status()).isEqualTo(StageStatus.FAILED);
                assertThat(found.reason()).contains("trades failed: trades is undefined");
            }
        }
        assertThat(passed).isPositive();
    }

    @Test
    void the_stage_around_another_compiles() throws Exception {
        String source = """
                import io.pipelinev2.backtest.ExternalBacktest;
                import io.pipelinev2.backtest.StudySize;
                import io.pipelinev2.backtest.gate.GateSet;
                import io.pipelinev2.core.stage.Stage;
                final class Measured { static Stage measured(Stage mine) { %s return measured; } }
                """.formatted(block("java", 2));
        Path jar = JarSource.ofSource("Measured", source)
                .against(System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")))
                .packedInto(directory, "measured.jar");
        assertThat(jar).isNotEmptyFile();
    }

    @Test
    void the_examples_are_what_is_shown() throws IOException {
        Path examples = Path.of("../examples");
        assertThat(examples.resolve("custom-stage-plugin/src/main/java/example/Drawdown.java"))
                .hasContent(block("java", 0));
        assertThat(examples.resolve("python-stage/checks/drawdown.py")).hasContent(block("python", 0));
        // whose commands CI runs
        String tried = "```\nP retry 0 backtest --from\nP once\nP show 0\nP logs 0\n```\n";
        String made = Files.readString(examples.resolve("README.md"));
        assertThat(DOC).content().contains(tried);
        assertThat(examples.resolve("python-stage/README.md")).content().contains(tried);
        assertThat(Files.readString(DOC)
                        .lines()
                        .dropWhile(line -> !line.contains(" demo --for "))
                        .takeWhile(line -> !line.startsWith("```")))
                .hasSize(4)
                .allSatisfy(line -> assertThat(made).contains(line + "\n"));
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
