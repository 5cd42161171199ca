package io.pipelinev2.runner.program;

import static org.assertj.core.api.Assertions.assertThat;

import io.pipelinev2.runner.demo.DemoHome;
import java.io.File;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.json.JsonMapper;

/** What somebody sees at a terminal, and what a pipe gets. The terminal is made by {@code script}, of util-linux. */
@Timeout(120)
class TerminalIT {

    @TempDir
    private static Path directory;

    private static Path config;

    @BeforeAll
    static void a_home_that_has_decided() throws IOException {
        config = DemoHome.unpack(directory.resolve("home"));
        Files.writeString(config, Files.readString(config).replace("\"max_deployed\": 3", "\"enabled\": false"));
        new Program(directory).run("once", "--config", config.toString()).ok();
    }

    private static String program(String command) {
        return List.of(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-XX:SharedArchiveFile=" + SharedClasses.of(Program.jar()),
                        "-jar",
                        Program.jar().toString())
                .stream()
                .map(word -> "'" + word + "'")
                .collect(Collectors.joining(" ", "", " " + command + " --config '" + config + "'"));
    }

    private static String bash(String line, String... environment) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("env", "-u", "NO_COLOR", "-u", "COLUMNS", "TERM=xterm"));
        command.addAll(List.of(environment));
        command.addAll(List.of("bash", "-c", line));
        Process process = new ProcessBuilder(command)
                .redirectInput(new File("/dev/null"))
                .redirectErrorStream(true)
                .start();
        // what never ends must not keep the tests from ending
        process.onExit().orTimeout(60, TimeUnit.SECONDS).exceptionally(never -> {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            return process.destroyForcibly();
        });
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return said.replace("\r", "");
    }

    /** On a terminal of so many columns. */
    private static String onTerminal(int columns, String command, String... environment)
            throws IOException, InterruptedException {
        Path script = Files.createTempFile(directory, "line", ".sh");
        Files.writeString(script, "stty cols " + columns + " rows 20\n" + program(command) + "\n");
        return bash("script -qec 'bash " + script + "' /dev/null", environment);
    }

    /** Until something is shown; then the terminal is closed. */
    private static String onTerminalUntil(String command, String sign) throws IOException {
        Path script = Files.writeString(Files.createTempFile(directory, "line", ".sh"), program(command) + "\n");
        Process process = new ProcessBuilder("script", "-qec", "bash " + script, "/dev/null")
                .redirectErrorStream(true)
                .start();
        StringBuilder shown = new StringBuilder();
        try (Reader reader = process.inputReader(StandardCharsets.UTF_8)) {
            for (int c = reader.read(); c >= 0 && shown.indexOf(sign) < 0; c = reader.read()) {
                shown.append((char) c);
            }
        } finally {
            process.destroy();
        }
        return shown.toString();
    }

    @Test
    void a_table_fits_a_narrow_terminal_and_is_coloured() throws Exception {
        String shown = onTerminal(40, "trials");

        assertThat(shown).contains("\u001b[31mfailed\u001b[0m").contains("WHY").contains("a wider terminal");
        assertThat(shown.replaceAll("\u001b\\[[0-9;]*m", "").lines())
                .filteredOn(line -> !line.isBlank())
                .hasSizeGreaterThan(28)
                .allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(40));
    }

    @Test
    void trials_that_are_described_are_shown_and_asked_about() throws Exception {
        String no = asked("n", "retry --status failed");
        assertThat(no).contains("TRIAL", "ppo_1h/9", "retry 2 trials? (y/N)", "Nothing was done.");
        assertThat(no.strip()).endsWith("ended with 8");

        String yes = asked("y", "retry montecarlo --status failed");
        assertThat(yes)
                .contains("no stage 'montecarlo'", "retry: 0 of 2 done, 2 refused")
                .endsWith("ended with 8\n");
    }

    /** What is said by a command at a terminal to which this is typed. */
    private static String asked(String typed, String command) throws IOException, InterruptedException {
        Path script = Files.writeString(
                Files.createTempFile(directory, "line", ".sh"), program(command) + "; echo ended with $?\n");
        return bash("{ echo " + typed + "; } | script -qec 'bash " + script + "' /dev/null");
    }

    @Test
    void no_color_is_heeded_and_so_is_the_option() throws Exception {
        assertThat(onTerminal(80, "trials", "NO_COLOR=1")).contains("failed").doesNotContain("\u001b[3");
        assertThat(onTerminal(80, "trials --color=never")).doesNotContain("\u001b[3");
        assertThat(bash(program("trials"))).contains("failed").doesNotContain("\u001b[");
        assertThat(bash(program("trials --color=always"))).contains("\u001b[31mfailed");
    }

    @Test
    void a_reader_that_has_enough_is_no_error() throws Exception {
        String said = bash("set -o pipefail; " + program("events -n 1000") + " | head -n 1; echo ${PIPESTATUS[0]}");
        assertThat(said.lines()).hasSize(2).last().isEqualTo("0");
    }

    @ParameterizedTest
    @CsvSource({"status, pipeline, down", "show 31, number, 31"})
    void watching_ends_when_its_reader_has_gone(String command, String key, String value) throws Exception {
        String said = bash(program(command + " --json --watch=200ms") + " | head -n 3; echo ${PIPESTATUS[0]}");
        List<String> lines = said.lines().toList();
        assertThat(lines).hasSize(4).last().isEqualTo("0");
        assertThat(lines.subList(0, 3))
                .allSatisfy(line -> assertThat(
                                JsonMapper.shared().readTree(line).path(key).asString())
                        .isEqualTo(value));
    }

    @Test
    void a_terminal_is_redrawn_and_a_pipe_is_not() throws Exception {
        assertThat(bash(program("status --watch=200ms") + " | head -n 30"))
                .contains("every 0.2 s")
                .doesNotContain("\u001b");
        String shown = onTerminalUntil("status --watch=200ms", "\u001b[J");
        assertThat(shown).contains("\u001b[H", "\u001b[K", "\u001b[J").contains("Ctrl+C ends it");
    }

    @Test
    void a_new_home_asks_at_a_terminal_alone() throws Exception {
        Path asked = directory.resolve("asked");
        Path script = Files.writeString(
                directory.resolve("init.sh"),
                program("init '" + asked + "' #").replace(" --config", " # --config") + "\n");
        String shown = bash("printf 'sqlite:///mine.db\\n\\n\\n0\\n' | script -qec 'bash " + script + "' /dev/null");

        assertThat(shown).contains("Where does Optuna keep its trials?").contains("Made " + asked);
        assertThat(Files.readString(asked.resolve("pipeline.json"))).contains("\"sqlite:///mine.db\"", "\"port\": 0");
        assertThat(bash(program("init '" + directory.resolve("unasked") + "' #")))
                .doesNotContain("Where does")
                .contains("Made ");
    }

    @Test
    void two_steps_lead_to_why_each_of_the_demos_failed_trials_failed() throws Exception {
        Program program = new Program(directory);
        String trials =
                program.run("trials", "--config", config.toString()).ok().out();
        List<String> failed = trials.lines()
                .filter(line -> line.contains(" failed "))
                .map(line -> line.split(" ")[0])
                .toList();
        assertThat(failed).containsExactly("ppo_1h/9", "ppo_1h/25");

        assertThat(program.run("show", failed.get(0), "--config", config.toString())
                        .ok()
                        .out())
                .contains("because", "no model", "trial_9_1h does not exist", "retry ppo_1h/9");
        assertThat(program.run("show", failed.get(1), "--config", config.toString())
                        .ok()
                        .out())
                .contains("because", "the model never trades", "search smaller values of norm_action");
        assertThat(program.run("logs", failed.get(1), "--config", config.toString())
                        .ok()
                        .out())
                .contains("the model never trades");
    }
}
