package io.pipelinev2.runner.logging;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import io.pipelinev2.core.logging.CoreLogCode;
import io.pipelinev2.core.trial.TrialKey;
import io.pipelinev2.runner.config.LogsConfig;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.ObjectMapper;

class LoggingTest {

    private static final ObjectMapper JSON = new ObjectMapper();

    @TempDir
    private Path directory;

    private final LoggerContext context = new LoggerContext();
    private final LogbackMDCAdapter mdc = new LogbackMDCAdapter();
    private final ByteArrayOutputStream console = new ByteArrayOutputStream();
    private PrintStream standardError;
    private LogsConfig logs;

    @BeforeEach
    void setUp() {
        standardError = System.err;
        System.setErr(new PrintStream(console, true, Charset.defaultCharset()));
        context.setMDCAdapter(mdc);
        logs = new LogsConfig(directory.resolve("logs"), 1_000_000, 9_000_000);
    }

    @AfterEach
    void tearDown() {
        context.stop();
        System.setErr(standardError);
    }

    private Logger configured(Verbosity verbosity) {
        Logging.configure(context, logs, verbosity);
        return context.getLogger("io.pipelinev2.Test");
    }

    private void workingOn(String study, String trial) {
        mdc.put("study", study);
        mdc.put("trial", trial);
        mdc.put("stage", "backtest");
        mdc.put("attempt", "2");
    }

    private static List<Map<String, Object>> lines(Path file) throws IOException {
        return Files.readAllLines(file).stream()
                .map(line -> JSON.readValue(line, new TypeReference<Map<String, Object>>() {}))
                .toList();
    }

    private String shown() {
        return console.toString(Charset.defaultCharset());
    }

    @Test
    void every_event_is_one_line_of_json() throws IOException {
        Logger logger = configured(Verbosity.NORMAL);

        logger.info("Discovered {} finished trials.", 28);
        logger.debug("not this");

        Map<String, Object> line = lines(Logging.pipelineLog(logs)).get(0);
        assertThat(lines(Logging.pipelineLog(logs))).hasSize(1);
        assertThat(line)
                .containsOnlyKeys("timestamp", "level", "logger", "thread", "message", "runner")
                .containsEntry("level", "INFO")
                .containsEntry("logger", "io.pipelinev2.Test")
                .containsEntry("thread", Thread.currentThread().getName())
                .containsEntry("message", "Discovered 28 finished trials.");
        assertThat((String) line.get("timestamp")).matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z");
    }

    @Test
    void what_concerns_a_trial_is_in_its_own_file_too() throws IOException {
        Logger logger = configured(Verbosity.NORMAL);

        logger.info("before");
        workingOn("ppo_1h", "7");
        mdc.put("message", "forged");
        logger.warn("in the trial", new IllegalStateException("no model"));
        mdc.clear();
        logger.info("after");

        Path file = Logging.trialLog(logs, new TrialKey("ppo_1h", 7));
        assertThat(file).isEqualTo(directory.resolve("logs/trials/ppo_1h-7.log"));
        assertThat(lines(file)).singleElement().satisfies(line -> {
            assertThat(line)
                    .containsEntry("study", "ppo_1h")
                    .containsEntry("trial", 7)
                    .containsEntry("stage", "backtest")
                    .containsEntry("attempt", 2)
                    .containsEntry("message", "in the trial");
            assertThat((String) line.get("stack_trace"))
                    .contains("java.lang.IllegalStateException: no model")
                    .contains("LoggingTest");
        });
        assertThat(lines(Logging.pipelineLog(logs)))
                .extracting(line -> line.get("message"))
                .containsExactly("before", "in the trial", "after");
    }

    @Test
    void a_warning_says_its_code_its_cause_and_what_to_do() throws IOException {
        Logger logger = configured(Verbosity.NORMAL);

        logger.warn(CoreLogCode.ATTEMPT_FAILED, "{} on {} failed.", "backtest", "ppo/7");
        context.getLogger("org.example.Library").warn("pool exhausted");
        logger.info("no code");

        List<Map<String, Object>> lines = lines(Logging.pipelineLog(logs));
        assertThat(lines.get(0))
                .containsEntry("code", "PL-113")
                .containsEntry("cause", CoreLogCode.ATTEMPT_FAILED.cause())
                .containsEntry("action", CoreLogCode.ATTEMPT_FAILED.action());
        assertThat(lines.get(1)).containsEntry("code", RunnerLogCode.FOREIGN.code());
        assertThat(lines.get(2)).doesNotContainKeys("code", "cause", "action");
        assertThat(shown()).isEqualTo("warning: backtest on ppo/7 failed. [PL-113]\nwarning: pool exhausted\n");
    }

    @Test
    void a_verbose_console_says_what_to_do() {
        Logger logger = configured(Verbosity.VERBOSE);

        logger.warn(CoreLogCode.LEASES_NOT_RENEWED, "The leases could not be renewed.");

        assertThat(shown()).contains("\n    PL-112: " + CoreLogCode.LEASES_NOT_RENEWED.action() + ".\n");
    }

    @Test
    void every_line_says_which_process_of_which_machine_wrote_it() throws IOException {
        configured(Verbosity.NORMAL).info("x");

        assertThat((String) lines(Logging.pipelineLog(logs)).get(0).get("runner"))
                .endsWith(":" + ProcessHandle.current().pid());
    }

    @Test
    void all_files_of_a_trial_are_found() {
        logs = new LogsConfig(directory.resolve("logs"), 1_000, 9_000);
        Logger logger = configured(Verbosity.NORMAL);
        TrialKey trial = new TrialKey("ppo_1h", 7);
        assertThat(Logging.trialLogs(logs, trial)).containsExactly(Logging.trialLog(logs, trial));

        workingOn("ppo_1h", "7");
        for (int i = 0; i < 9; i++) {
            logger.info("line {} {}", i, "x".repeat(100));
        }

        assertThat(Logging.trialLogs(logs, trial))
                .hasSizeGreaterThan(1)
                .allMatch(Files::isRegularFile)
                .last()
                .isEqualTo(Logging.trialLog(logs, trial));
    }

    @Test
    void a_study_that_is_called_like_a_number_stays_text() throws IOException {
        Logger logger = configured(Verbosity.NORMAL);

        workingOn("7", "3");
        logger.info("x");

        assertThat(lines(Logging.pipelineLog(logs)).get(0))
                .containsEntry("study", "7")
                .containsEntry("trial", 3);
    }

    @Test
    void hostile_names_make_no_file_outside() throws IOException {
        Logger logger = configured(Verbosity.NORMAL);

        for (String study : List.of("../../evil", "..", "/tmp/evil", "a\0b", "x".repeat(5000))) {
            workingOn(study, "1");
            logger.info("hello");
            assertThat(Logging.trialLog(logs, new TrialKey(study, 1))).isRegularFile();
        }
        workingOn("a", "../1");
        logger.info("hello");

        try (Stream<Path> files = Files.walk(directory)) {
            assertThat(files.filter(Files::isRegularFile).map(directory::relativize))
                    .hasSize(6)
                    .allMatch(file -> file.startsWith("logs/trials") || file.equals(Path.of("logs/pipeline.log")));
        }
    }

    @Test
    void characters_that_a_terminal_obeys_are_inert_in_the_files() throws IOException {
        Logger logger = configured(Verbosity.NORMAL);
        String hostile = "\u001b[2J\u009b31m\u202e\u007f\r\n{\"level\":\"ERROR\"} 日本 🚀";

        logger.info(hostile);

        String written = Files.readString(Logging.pipelineLog(logs));
        assertThat(written.stripTrailing().chars()).noneMatch(c -> c < 0x20 || c >= 0x7f && c < 0xa0 || c == 0x202e);
        assertThat(lines(Logging.pipelineLog(logs)))
                .singleElement()
                .satisfies(line -> assertThat(line).containsEntry("message", hostile));
    }

    @Test
    void all_files_together_stay_within_their_total() throws IOException {
        logs = new LogsConfig(directory.resolve("logs"), 10_000, 60_000);
        Logger logger = configured(Verbosity.NORMAL);
        long most = 0;

        for (int i = 0; i < 2_000; i++) {
            workingOn("ppo_1h", String.valueOf(i / 20));
            logger.info("line {} {}", i, "x".repeat(100));
            if (i % 50 == 0) {
                most = Math.max(most, bytes());
            }
        }

        assertThat(most).isGreaterThan(30_000).isLessThanOrEqualTo(60_000);
        assertThat(lines(Logging.pipelineLog(logs)))
                .last()
                .satisfies(line -> assertThat((String) line.get("message")).startsWith("line 1999 "));
        assertThat(Files.size(Logging.pipelineLog(logs))).isLessThanOrEqualTo(10_000);
    }

    private long bytes() throws IOException {
        try (Stream<Path> files = Files.walk(directory)) {
            return files.filter(Files::isRegularFile)
                    .mapToLong(file -> file.toFile().length())
                    .sum();
        }
    }

    @Test
    void the_console_shows_warnings_in_plain_words() {
        Logger logger = configured(Verbosity.NORMAL);

        logger.info("not shown");
        logger.warn("The disk is nearly full.");
        logger.error("Cannot start.", new IllegalStateException("outer", new IOException("no such program")));

        assertThat(shown())
                .isEqualTo(
                        "warning: The disk is nearly full.\nerror: Cannot start. (outer) (caused by: no such program)\n");
    }

    @Test
    void nothing_can_forge_a_line_of_the_console() {
        Logger logger = configured(Verbosity.NORMAL);

        logger.warn("study\nerror: all is lost\u001b[2J");

        assertThat(shown()).isEqualTo("warning: study\n    error: all is lost\\u001b[2J\n");
    }

    @Test
    void a_verbose_console_has_times_and_stack_traces() {
        Logger logger = configured(Verbosity.VERBOSE);

        logger.info("started", new IllegalStateException("why"));

        assertThat(shown())
                .matches("(?s)\\d\\d:\\d\\d:\\d\\dZ info: started\n    java.lang.IllegalStateException: why\n +at .*");
    }

    @Test
    void a_quiet_console_has_errors_only() {
        Logger logger = configured(Verbosity.QUIET);

        logger.warn("not shown");
        logger.error("shown");

        assertThat(shown()).isEqualTo("error: shown\n");
    }

    @Test
    void talkative_libraries_are_heard_from_warnings_on() throws IOException {
        configured(Verbosity.DEBUG);

        context.getLogger("org.jooq.Constants").info("tip of the day");
        context.getLogger("com.zaxxer.hikari.HikariDataSource").warn("pool exhausted");
        context.getLogger("io.pipelinev2.Test").debug("detail");

        assertThat(lines(Logging.pipelineLog(logs)))
                .extracting(line -> line.get("message"))
                .containsExactly("pool exhausted", "detail");
    }

    @Test
    void the_console_alone_writes_no_files() {
        Logging.toConsole(context, Verbosity.NORMAL);

        context.getLogger("x").warn("shown");

        assertThat(shown()).isEqualTo("warning: shown\n");
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void a_directory_that_cannot_be_written_is_told_at_once() throws IOException {
        Files.writeString(directory.resolve("logs"), "in the way");

        assertThatThrownBy(() -> Logging.configure(context, logs, Verbosity.NORMAL))
                .isInstanceOf(LogsUnavailableException.class)
                .hasMessageContaining(logs.directory().toString())
                .hasMessageContaining("logs.directory");
    }

    @Test
    void a_directory_that_fails_later_is_told_once_and_logging_goes_on() throws IOException {
        Logger logger = configured(Verbosity.NORMAL);
        Path file = Logging.pipelineLog(logs);
        Files.deleteIfExists(file);
        Files.createDirectory(file);

        logger.info("lost 1");
        logger.info("lost 2");
        Files.delete(file);
        logger.info("kept");

        assertThat(shown()).startsWith("error: The log files in ").containsOnlyOnce("cannot be written");
        assertThat(lines(file)).extracting(line -> line.get("message")).containsExactly("kept");
    }
}
