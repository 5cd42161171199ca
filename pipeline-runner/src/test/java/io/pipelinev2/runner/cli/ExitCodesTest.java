package io.pipelinev2.runner.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.pipelinev2.runner.HomeLock;
import io.pipelinev2.runner.demo.DemoHome;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

/** The exit codes of the contract, command by command. Those for 2, 3 and 4 that hold of all are in CommandLineTest. */
class ExitCodesTest {

    /** On a home whose database is none; each command that works on one, but for those that never look at it. */
    private static final List<String> ON_A_HOME = List.of(
            "once",
            "run",
            "run --worker",
            "status",
            "trials",
            "show 31",
            "deployments",
            "deploy 31",
            "stop 31",
            "restart 31",
            "reset 31",
            "pin 31 --reason x",
            "never 31 --reason x",
            "flatten 31",
            "halt 31",
            "resume 31",
            "logs 31",
            "retry 31",
            "revalidate 31",
            "skip 31 backtest --reason x",
            "park 31 --reason x",
            "unpark 31",
            "cancel 31 --reason x",
            "pause --reason x",
            "unpause",
            "drain --reason x",
            "events",
            "health",
            "alerts",
            "alerts ack 1",
            "alerts silence 1 --for 1h",
            "alerts test",
            "backup NEW",
            "db check",
            "db vacuum",
            "doctor");

    private static final Set<String> NOT_ON_A_DATABASE = Set.of(
            "help",
            "completion",
            "config",
            "config check",
            "config show",
            "token",
            "token show",
            "token rotate",
            "init",
            "trade",
            "db",
            // it reads the trial where trials come from, and notes that no other can be compared
            "backtest",
            // these make, or bring, their own
            "demo",
            "restore");

    @TempDir
    private static Path directory;

    private static Path sound;
    private static Path broken;

    @BeforeAll
    static void a_home_with_trials_that_wait_and_one_without_a_database() throws IOException {
        sound = DemoHome.unpack(directory.resolve("sound"));
        assertThat(run(sound, "pause --reason x").code()).isZero();
        Ended once = run(sound, "once");
        assertThat(once.code()).as(once.err()).isZero();
        broken = DemoHome.unpack(directory.resolve("broken"));
        Files.writeString(directory.resolve("broken/pipeline_v2.db"), "this is no database, and never was one");
    }

    private record Ended(int code, String out, String err) {}

    private static Ended run(Path config, String line) {
        String[] words = (line.replace("NEW", directory.resolve("new").toString())
                                .replace("OLD", directory.toString())
                        + " --config " + config)
                .split(" ");
        Arrays.setAll(words, i -> words[i].replace("BLANK", " "));
        StringWriter out = new StringWriter();
        StringWriter err = new StringWriter();
        CommandLine commandLine = Main.commandLine();
        commandLine.setOut(new PrintWriter(out, true));
        commandLine.setErr(new PrintWriter(err, true));
        return new Ended(commandLine.execute(words), out.toString(), err.toString());
    }

    private static String name(String line) {
        return line.split(" ").length > 1
                        && Set.of("alerts", "db", "token", "config").contains(line.split(" ")[0])
                ? line.split(" ")[0] + " " + line.split(" ")[1]
                : line.split(" ")[0];
    }

    private static void assertEnds(Path config, String line, int code) {
        Ended ended = run(config, line);
        assertThat(ended.code()).as("%s: %s%s", line, ended.out(), ended.err()).isEqualTo(code);
        CommandLine command = Main.commandLine();
        for (String word : name(line).split(" ")) {
            command = command.getSubcommands().get(word);
        }
        assertThat(ExitCode.of(command)).as("%s tells of it", line).containsKey(code);
        if (code != ExitCode.OK && code != ExitCode.DEGRADED && !line.equals("doctor")) {
            assertThat(ended.out() + ended.err())
                    .as("%s says why", line)
                    .isNotBlank()
                    .doesNotContain("internal error");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "status",
                "trials",
                "show 31",
                "deployments",
                "events",
                "health",
                "alerts",
                "db check",
                "db vacuum",
                "config check",
                "config show",
                "token rotate",
                "token show",
                "park 30 --reason x",
                "unpark 30",
                "pause backtest --reason x",
                "unpause backtest",
                "retry 30 31",
                "retry --status failed --yes"
            })
    void what_was_done_ends_with_0(String line) {
        assertEnds(sound, line, ExitCode.OK);
    }

    static List<String> onAHome() {
        return ON_A_HOME;
    }

    @ParameterizedTest
    @MethodSource("onAHome")
    void a_database_that_is_none_ends_with_5(String line) {
        assertEnds(broken, line, ExitCode.UNREACHABLE);
    }

    @Test
    void no_command_is_left_out() {
        Set<String> all = Main.commandLine().getSubcommands().entrySet().stream()
                .flatMap(each -> Stream.concat(
                        Stream.of(each.getKey()),
                        each.getValue().getSubcommands().keySet().stream().map(below -> each.getKey() + " " + below)))
                .collect(Collectors.toCollection(TreeSet::new));
        Set<String> told = Stream.concat(ON_A_HOME.stream().map(ExitCodesTest::name), NOT_ON_A_DATABASE.stream())
                .collect(Collectors.toCollection(TreeSet::new));

        assertThat(told).isEqualTo(all);
    }

    @ParameterizedTest
    @ValueSource(strings = {"status --exit-code", "doctor --strict"})
    void what_is_not_as_it_should_be_ends_with_6(String line) {
        assertEnds(sound, line, ExitCode.DEGRADED);
    }

    @ParameterizedTest
    @ValueSource(strings = {"once", "run"})
    void a_home_that_another_process_supervises_ends_with_7(String line) {
        try (HomeLock held = HomeLock.take(sound.resolveSibling("."), "daemon")) {
            assertThat(held).isNotNull();
            assertEnds(sound, line, ExitCode.HELD);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "skip 31 nonsense --reason x, nonsense",
        "park 31 --reason BLANK, reason",
        "cancel 31 --reason BLANK, reason",
        "retry 31 nonsense, nonsense",
        "pause nonsense --reason x, nonsense",
        "unpause nonsense, nonsense",
        "deploy 31, 31",
        "stop 31, 31",
        "restart 31, 31",
        "reset 31, 31",
        "flatten 31, 31",
        "halt 31, 31",
        "resume 31, 31",
        "retry 30 31 nonsense, 0 of 2 done",
        "token show --read-only, http.read_token_file",
        "token rotate --read-only, http.read_token_file",
        "backup OLD, empty"
    })
    void what_cannot_be_done_as_things_stand_ends_with_8(String line, String words) {
        assertEnds(sound, line, ExitCode.REFUSED);
        assertThat(run(sound, line).err()).contains(words);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "retry --status pending",
                "skip backtest --status pending --reason x",
                "flatten 30 31",
                "retry 31 --status pending"
            })
    void what_would_have_to_be_asked_and_cannot_ends_with_2(String line) {
        assertEnds(sound, line, ExitCode.USAGE);
    }

    /** As Ctrl+C does at the first word that is shown. */
    @ParameterizedTest
    @ValueSource(strings = {"status --watch=1s", "trials --watch=1s", "events --watch=1s", "health --watch=1s"})
    void what_is_watched_until_it_is_interrupted_ends_with_130(String line) {
        StringWriter out = new StringWriter() {
            @Override
            public void write(String text, int from, int length) {
                super.write(text, from, length);
                Thread.currentThread().interrupt();
            }
        };
        CommandLine program = Main.commandLine();
        program.setOut(new PrintWriter(out, true));
        program.setErr(new PrintWriter(new StringWriter(), true));
        assertThat(program.execute((line + " --config " + sound).split(" "))).isEqualTo(ExitCode.INTERRUPTED);
        assertThat(Thread.interrupted()).isFalse();
        assertThat(ExitCode.of(program.getSubcommands().get(name(line)))).containsKey(ExitCode.INTERRUPTED);
    }

    /** 9 is nobody's: what is done in part is refused in part. */
    @Test
    void the_codes_are_those_of_the_contract_and_one_more() {
        assertThat(ExitCode.of(Main.commandLine())).containsOnlyKeys(0, 1, 2, 3, 4, 5, 6, 7, 8, 130, 143);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"logs 31", "health nonsense", "alerts ack 999", "alerts silence 999 --for 1h", "show nostudy/1"})
    void what_is_not_there_ends_with_3(String line) {
        assertEnds(sound, line, ExitCode.NOT_FOUND);
    }
}
