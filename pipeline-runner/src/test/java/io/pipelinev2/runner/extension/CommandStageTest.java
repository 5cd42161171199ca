package io.pipelinev2.runner.extension;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.pipelinev2.core.Pipeline;
import io.pipelinev2.core.stage.ModelArchive;
import io.pipelinev2.core.stage.Series;
import io.pipelinev2.core.stage.StageStatus;
import io.pipelinev2.core.store.Attempt;
import io.pipelinev2.core.store.PipelineStore;
import io.pipelinev2.core.trial.TrialStatus;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class CommandStageTest {

    private static final JsonMapper JSON = JsonMapper.builder().build();

    @TempDir
    private Path home;

    private CommandRun run;

    @BeforeEach
    void setUp() {
        run = new CommandRun(home);
    }

    @AfterEach
    void tearDown() {
        run.close();
    }

    private CommandRun.Result answering(String json) throws Exception {
        Files.writeString(home.resolve("answer"), json);
        return run.script("cat answer");
    }

    private boolean isAlive(String pidFile) throws IOException {
        long pid = Long.parseLong(Files.readString(home.resolve(pidFile)).trim());
        // dead, or dead and not yet waited for by whoever inherited it
        return ProcessHandle.of(pid).isPresent()
                && !Files.readString(Path.of("/proc", String.valueOf(pid), "stat"))
                        .contains(") Z");
    }

    @Test
    void a_verdict_is_recorded_with_its_results_and_series() throws Exception {
        CommandRun.Result result = answering("""
                { "verdict": "passed", "reason": "as it should be",
                  "results": { "metrics": { "sharpe": 1.25, "trades": 12, "beta": null }, "notes": ["a", true] },
                  "series": [ { "name": "equity", "basis": "data", "values": [1, 1.5, 2e0] } ] }
                """);
        assertThat(result.stage().status()).isEqualTo(StageStatus.PASSED);
        assertThat(result.stage().reason()).isEqualTo("as it should be");
        assertThat(result.stage().results())
                .containsEntry("notes", List.of("a", true))
                .extractingByKey("metrics")
                .satisfies(
                        metrics -> assertThat((Map<?, ?>) metrics).hasToString("{sharpe=1.25, trades=12, beta=null}"));
        assertThat(result.trial().status()).isEqualTo(TrialStatus.COMPLETED);
    }

    @Test
    void series_reach_the_store() throws Exception {
        Files.writeString(
                home.resolve("answer"),
                "{\"verdict\":\"passed\",\"series\":[{\"name\":\"equity\",\"basis\":\"d\",\"values\":[1,2]}]}");
        run.script("check.sh", "cat answer");
        try (Pipeline pipeline = run.pipeline("./check.sh")) {
            pipeline.runOnce();
            CommandRun.Result result = CommandRun.result(pipeline);
            Map<Long, Series> series =
                    PipelineStore.of(pipeline.records()).read(tx -> tx.series("check", "equity", "d"));
            assertThat(series).containsExactly(Map.entry(result.trial().id(), new Series("equity", "d", new double[] {
                1, 2
            })));
        }
    }

    @Test
    void a_rejection_ends_the_trial_and_a_skip_does_not() throws Exception {
        CommandRun.Result rejected =
                answering("{\"verdict\":\"rejected\",\"reason\":\"too thin\",\"results\":{\"n\":1}}");
        assertThat(rejected.trial().status()).isEqualTo(TrialStatus.FAILED);
        assertThat(rejected.stage().reason()).isEqualTo("too thin");
        assertThat(rejected.stage().results()).containsEntry("n", 1L);

        CommandRun.Result skipped = answering("{\"verdict\":\"skipped\",\"reason\":\"no stock\"}");
        assertThat(skipped.trial().status()).isEqualTo(TrialStatus.COMPLETED);
        assertThat(skipped.stage().status()).isEqualTo(StageStatus.SKIPPED);
    }

    @Test
    void not_ready_uses_up_no_attempt_and_says_when_to_look_again() throws Exception {
        run.script(
                "check.sh",
                "echo '{\"verdict\":\"not_ready\",\"reason\":\"no prices yet\",\"retry_after_seconds\":3600}'");
        try (Pipeline pipeline = run.pipeline("./check.sh")) {
            pipeline.discoverTrials();
            pipeline.runDue();
            CommandRun.Result result = CommandRun.result(pipeline);
            assertThat(result.stage().attempts()).isZero();
            assertThat(result.trial().heldReason()).contains("no prices yet");
            assertThat(result.stage().dueAt())
                    .isAfter(PipelineStore.of(pipeline.records()).now().plusSeconds(3000));
        }
    }

    @Test
    void it_is_told_of_the_trial_on_standard_input_and_in_a_file() throws Exception {
        CommandRun.Result result = run.script("""
                cat > told
                cmp told "$PIPELINE_TRIAL_JSON" && cmp told "$2" || exit 9
                pwd > directory
                env > environment
                echo '{"verdict": "passed"}'
                """.replace("$2", "$PIPELINE_TRIAL_JSON"));
        assertThat(result.stage().status()).isEqualTo(StageStatus.PASSED);
        assertThat(result.stage().reason()).isEqualTo("passed");
        JsonNode told = JSON.readTree(Files.readString(home.resolve("told")));
        assertThat(told.propertyNames())
                .containsExactly(
                        "version",
                        "stage",
                        "study",
                        "number",
                        "values",
                        "directions",
                        "parameters",
                        "user_attributes",
                        "attempt",
                        "max_attempts",
                        "timeout_seconds",
                        "discovered_at",
                        "now",
                        "deadline",
                        "settings",
                        "results",
                        "home",
                        "model_directory");
        assertThat(told.get("stage").asString()).isEqualTo("check");
        assertThat(told.get("number").asInt()).isEqualTo(3);
        assertThat(told.get("values").get(0).asDouble()).isEqualTo(1.5);
        assertThat(told.get("directions").get(0).asString()).isEqualTo("maximize");
        assertThat(told.get("parameters").get("net").asString()).isEqualTo("small");
        assertThat(told.get("settings").get("limit").asInt()).isEqualTo(7);
        assertThat(told.get("results")
                        .get("before")
                        .get("metrics")
                        .get("sharpe")
                        .asDouble())
                .isEqualTo(2.5);
        assertThat(told.get("model_directory").asString())
                .isEqualTo(home.resolve("models/trial_3").toString());
        assertThat(Files.readString(home.resolve("directory")).trim())
                .isEqualTo(home.toRealPath().toString());
        assertThat(Files.readAllLines(home.resolve("environment")))
                .allMatch(variable -> variable.matches(
                        "(PATH|HOME|LANG|TZ|JAVA_HOME|TMPDIR|USER|LC_\\w+|PIPELINE_\\w+|PWD|OLDPWD|SHLVL|_)=.*"));
        try (Stream<Path> left = Files.list(home.resolve("state/stages/runner"))) {
            assertThat(left).isEmpty();
        }
    }

    @Test
    void places_in_the_command_are_filled_in_and_no_shell_reads_them() throws Exception {
        run.script("check.sh", "printf '%s\\n' \"$@\" > words; echo '{\"verdict\":\"passed\"}'");
        run.command("./check.sh", "{study}/{number}", "$(id) {model_dir}", "--trial={trial_json}");
        assertThat(Files.readAllLines(home.resolve("words")))
                .hasSize(3)
                .startsWith("study/3", "$(id) " + home.resolve("models/trial_3"))
                .last()
                .asString()
                .startsWith("--trial=")
                .endsWith("trial.json");
    }

    @Test
    void what_it_writes_to_standard_error_is_in_the_trials_log() throws Exception {
        ListAppender<ILoggingEvent> appender = new ListAppender<>();
        Logger logger = (Logger) LoggerFactory.getLogger(CommandStage.class);
        Level before = logger.getLevel();
        logger.setLevel(Level.INFO);
        logger.addAppender(appender);
        appender.start();
        try {
            run.script("echo one >&2; echo >&2; printf two >&2; echo '{\"verdict\":\"passed\"}'");
        } finally {
            logger.detachAppender(appender);
            logger.setLevel(before);
        }
        assertThat(appender.list)
                .extracting(ILoggingEvent::getFormattedMessage)
                .containsExactly("check: one", "check: two");
        assertThat(appender.list.get(0).getMDCPropertyMap())
                .containsEntry("study", "study")
                .containsEntry("trial", "3")
                .containsEntry("stage", "check")
                .containsEntry("attempt", "1");
    }

    @Test
    void an_exit_code_is_an_error_that_is_retried_and_quotes_its_last_words() throws Exception {
        CommandRun.Result result = run.attempts(2).script("echo first >&2; echo last words >&2; exit 3");
        assertThat(result.attempts()).hasSize(2).extracting(Attempt::outcome).containsOnly(Attempt.Outcome.ERROR);
        assertThat(result.error())
                .contains("The command of stage check (" + home.resolve("./check.sh") + "), on trial study/3,")
                .contains("ended with exit code 3. Its last words:\nfirst\nlast words");
        assertThat(run.script("kill -9 $$").error()).contains("was ended by signal 9");
    }

    @ParameterizedTest
    @CsvSource({"1, 2", "63, 2", "64, 1", "75, 2", "78, 1", "79, 2"})
    void some_exit_codes_say_that_trying_again_would_not_help(int code, int attempts) throws Exception {
        assertThat(run.attempts(2).script("exit " + code).attempts()).hasSize(attempts);
    }

    @Test
    void a_verdict_does_not_count_if_the_exit_code_is_another() throws Exception {
        CommandRun.Result result = run.script("echo '{\"verdict\":\"passed\"}'; exit 1");
        assertThat(result.trial().status()).isEqualTo(TrialStatus.FAILED);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "``                                                | the output was empty; standard output must hold one JSON object",
                "Loading the model                                 | the output began with 'Loading the model', which is not JSON; standard output must",
                "[1]                                               | the output began with '[1]', which is no object",
                "\"passed\"                                        | the output began with '\"passed\"', which is no object",
                "{\"verdict\": \"passed\"                          | the output was not JSON at line 1, column ",
                "{\"verdict\":\"passed\"} {\"verdict\":\"passed\"} | the output went on after its object, which ends in line 1",
                "{\"verdict\":\"passed\"} done                     | the output went on after its object",
                "{\"verdict\":\"passed\",\"verdict\":\"passed\"}   | the output was not JSON at line 1, column ",
                "{}                                                | verdict was missing but must be one of passed, rejected, skipped, not_ready",
                "{\"verdict\":\"ok\"}                              | verdict was 'ok' but must be one of",
                "{\"verdict\":true}                                | verdict was true but must be one of",
                "{\"verdict\":\"rejected\"}                        | reason was missing but must be text that says why",
                "{\"verdict\":\"skipped\",\"reason\":\" \"}        | reason was ' ' but must be text",
                "{\"verdict\":\"passed\",\"reason\":7}             | reason was 7 but must be text",
                "{\"verdict\":\"not_ready\"}                       | reason was missing",
                "{\"verdict\":\"passed\",\"result\":{}}            | it has the key 'result', which is not known; known are verdict, reason, results",
                "{\"verdict\":\"passed\",\"results\":[]}           | results was an empty list but must be an object",
                "{\"verdict\":\"passed\",\"results\":{\"a\":NaN}}  | the output was not JSON at line 1, column ",
                "{\"verdict\":\"passed\",\"results\":{\"a\":1e999}} | results.a is Infinity, which JSON cannot hold",
                "{\"verdict\":\"passed\",\"results\":{\"a\":99999999999999999999}} | results.a is a java.math.BigInteger",
                "{\"verdict\":\"passed\",\"series\":{}}            | series was an object but must be a list",
                "{\"verdict\":\"passed\",\"series\":[1]}           | series[0] was 1 but must be an object with name, basis and values",
                "{\"verdict\":\"passed\",\"series\":[{\"name\":\"a\",\"values\":[]}]} | series[0].basis was missing but must be text",
                "{\"verdict\":\"passed\",\"series\":[{\"name\":\"a\",\"basis\":\"b\",\"values\":[1,null]}]} | series[0].values[1] was missing but must be a number",
                "{\"verdict\":\"passed\",\"series\":[{\"name\":\"a\",\"basis\":\"b\",\"values\":[\"1\"]}]} | series[0].values[0] was '1' but must be a number",
                "{\"verdict\":\"passed\",\"series\":[{\"name\":\"a\",\"basis\":\"b\",\"values\":[],\"x\":1}]} | series[0] has more keys",
                "{\"verdict\":\"passed\",\"series\":[{\"name\":\"a\",\"basis\":\"b\",\"values\":[]},{\"name\":\"a\",\"basis\":\"b\",\"values\":[]}]} | series[1].name was 'a', as another's is",
                "{\"verdict\":\"passed\",\"retry_after_seconds\":5} | retry_after_seconds belongs to not_ready alone",
                "{\"verdict\":\"not_ready\",\"reason\":\"x\",\"retry_after_seconds\":0} | retry_after_seconds was 0 but must be a number from 1 to 86400",
                "{\"verdict\":\"not_ready\",\"reason\":\"x\",\"results\":{}} | results belongs to a verdict, and not_ready is none",
                "{\"verdict\":\"rejected\",\"reason\":\"x\",\"model\":\"m\"} | model belongs to passed alone",
                "{\"verdict\":\"passed\",\"model\":\"missing.onnx\"} | missing.onnx"
            })
    void a_malformed_answer_is_an_error_that_names_stage_trial_finding_and_rule(String answer, String finding)
            throws Exception {
        CommandRun.Result result = answering(answer == null ? "" : answer);
        assertThat(result.error()).contains("stage check", "trial study/3", finding);
        assertThat(result.trial().status()).isEqualTo(TrialStatus.FAILED);
    }

    @Test
    void a_reason_and_an_output_may_not_be_longer_than_is_of_use() throws Exception {
        assertThat(answering("{\"verdict\":\"rejected\",\"reason\":\"" + "x".repeat(10_001) + "\"}")
                        .error())
                .contains("reason was 10001 characters long but must be at most 10000");
        assertThat(run.script("while :; do printf '%01000000d' 0; done").error())
                .contains("wrote more than 16 MB to its standard output");
    }

    @Test
    void a_model_that_it_names_is_kept_as_the_one_that_was_validated() throws Exception {
        byte[] model = "a model".getBytes(StandardCharsets.UTF_8);
        Files.write(home.resolve("net.bin"), model);
        CommandRun.Result result = answering("{\"verdict\":\"passed\",\"model\":\"net.bin\"}");
        String sha256 = ModelArchive.sha256(model);
        assertThat(result.stage().results()).containsEntry("model_sha256", sha256);
        assertThat(home.resolve("state/models").resolve(sha256).resolve("net.bin"))
                .hasBinaryContent(model);

        assertThat(answering("{\"verdict\":\"passed\",\"model\":\"net.bin\",\"results\":{\"model_sha256\":\"other\"}}")
                        .error())
                .contains(sha256, "model_sha256 is 'other'");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "setsid ", "env -i setsid "})
    void at_its_deadline_nothing_of_it_is_left(String prefix) throws Exception {
        CommandRun.Result result = run.timeout(Duration.ofMillis(700))
                .script(prefix + "sleep 300 & echo $! > grandchild; echo $$ > child; sleep 300");
        assertThat(result.attempts())
                .singleElement()
                .extracting(Attempt::outcome)
                .isEqualTo(Attempt.Outcome.TIMED_OUT);
        await().untilAsserted(() -> assertThat(isAlive("grandchild")).isFalse());
        assertThat(isAlive("child")).isFalse();
    }

    @Test
    void what_it_leaves_running_ends_with_it() throws Exception {
        CommandRun.Result result = run.script("sleep 300 & echo $! > grandchild; echo '{\"verdict\":\"passed\"}'");
        assertThat(result.stage().status()).isEqualTo(StageStatus.PASSED);
        assertThat(isAlive("grandchild")).isFalse();
    }

    @Test
    void at_a_shutdown_nothing_of_it_is_left() throws Exception {
        run.script("check.sh", "sleep 300 & echo $! > grandchild; echo $$ > child; sleep 300");
        Pipeline pipeline = run.pipeline("./check.sh");
        Thread worker = new Thread(() -> {
            try {
                pipeline.runOnce();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        worker.start();
        await().until(() -> Files.exists(home.resolve("child")) && Files.size(home.resolve("child")) > 0);
        pipeline.close();
        run.runs().close();
        assertThat(isAlive("grandchild")).isFalse();
        assertThat(isAlive("child")).isFalse();
        worker.join();
    }

    @Test
    void what_a_dead_runner_left_running_is_killed_by_the_next() throws Exception {
        run.script("check.sh", "sleep 300 & echo $! > grandchild; echo $$ > child; sleep 300");
        Pipeline pipeline = run.pipeline("./check.sh");
        Thread worker = new Thread(() -> {
            try {
                pipeline.runOnce();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        worker.start();
        await().until(() -> Files.exists(home.resolve("child")) && Files.size(home.resolve("child")) > 0);
        BoundedRuns.sweep(home.resolve("state"), runner -> runner.equals("runner"));
        assertThat(isAlive("child")).isTrue();
        BoundedRuns.sweep(home.resolve("state"), runner -> false);
        assertThat(isAlive("child")).isFalse();
        assertThat(isAlive("grandchild")).isFalse();
        assertThat(home.resolve("state/stages/runner")).doesNotExist();
        pipeline.close();
        worker.join();
    }

    @Test
    void what_a_dead_runner_left_running_is_killed_before_another_begins() throws Exception {
        run.script("check.sh", "sleep 300 & echo $! > grandchild; echo $$ > child; sleep 300");
        Pipeline pipeline = run.pipeline("./check.sh");
        Thread worker = new Thread(() -> {
            try {
                pipeline.runOnce();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        worker.start();
        await().until(() -> Files.exists(home.resolve("child")) && Files.size(home.resolve("child")) > 0);
        try (CommandRun other = new CommandRun(home, "other", runner -> !runner.equals("runner"))) {
            other.script("other.sh", "kill -0 $(cat child) || echo '{\"verdict\":\"passed\"}'");
            assertThat(other.command("./other.sh").stage().status()).isEqualTo(StageStatus.PASSED);
        }
        assertThat(isAlive("grandchild")).isFalse();
        pipeline.close();
        worker.join();
    }

    @Test
    void a_program_that_is_not_there_is_told_before_anything_is_run() throws Exception {
        assertThat(run.command("no-such-program").error())
                .contains("stages.check.command begins with no-such-program, which is not on the PATH");
        Files.writeString(home.resolve("plain.sh"), "exit 0");
        assertThat(run.command("./plain.sh").error()).contains("plain.sh", "chmod +x");
    }

    @Test
    void a_script_whose_interpreter_is_missing_is_not_failed_for_good() throws Exception {
        Path script = run.script("check.sh", "");
        Files.writeString(script, "#!/no/such/interpreter\n");
        assertThat(run.attempts(2).command("./check.sh").attempts()).hasSize(2);
    }
}
