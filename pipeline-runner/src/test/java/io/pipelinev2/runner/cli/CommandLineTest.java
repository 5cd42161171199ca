package io.pipelinev2.runner.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.pipelinev2.runner.demo.DemoHome;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/** What holds for every command, however many there will be. */
class CommandLineTest {

    @TempDir
    private Path directory;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    private int run(String... arguments) {
        CommandLine commandLine = Main.commandLineFor(arguments);
        commandLine.setOut(new PrintWriter(out, true));
        commandLine.setErr(new PrintWriter(err, true));
        return commandLine.execute(arguments);
    }

    private static Stream<CommandLine> below(CommandLine command) {
        return command.getSubcommands().values().stream().flatMap(each -> Stream.concat(Stream.of(each), below(each)));
    }

    static List<CommandLine> commands() {
        return below(Main.commandLine()).toList();
    }

    static List<String> names() {
        return commands().stream()
                .map(command -> command.getCommandSpec().qualifiedName())
                .filter(name -> !name.equals("pipeline help"))
                .toList();
    }

    private static String[] with(String name, String... more) {
        List<String> words =
                new ArrayList<>(List.of(name.replace("pipeline ", "").split(" ")));
        words.addAll(List.of(more));
        return words.toArray(new String[0]);
    }

    @ParameterizedTest
    @MethodSource("names")
    void help_ends_with_0_and_tells_the_exit_codes(String name) {
        assertThat(run(with(name, "--help"))).isZero();
        assertThat(out.toString())
                .startsWith("Usage: " + name)
                .contains("Exit codes:")
                .containsPattern("\\R +2 +usage\\R");
        assertThat(err.toString()).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("names")
    void an_option_that_is_not_there_ends_with_2_and_in_two_lines(String name) {
        assertThat(run(with(name, "--no-such-thing"))).isEqualTo(ExitCode.USAGE);
        assertThat(out.toString()).isEmpty();
        assertThat(err.toString().lines()).hasSize(2).last().isEqualTo("Try `" + name + " --help`.");
    }

    @ParameterizedTest
    @MethodSource("names")
    void a_configuration_that_is_not_there_ends_with_4(String name) {
        CommandLine command = commands().stream()
                .filter(each -> each.getCommandSpec().qualifiedName().equals(name))
                .findFirst()
                .orElseThrow();
        boolean reads = command.getCommandSpec().findOption("--config") != null && !name.endsWith(" demo");
        if (!reads) {
            return;
        }
        List<String> words = new ArrayList<>(List.of("--config", "/nowhere/pipeline.json"));
        command.getCommandSpec().positionalParameters().stream()
                .filter(each -> each.arity().min() > 0)
                .forEach(each -> words.add("1"));
        if (List.of("retry", "skip").contains(command.getCommandName())) {
            // their trials may be described instead, so the parameters alone do not need any
            words.addAll(List.of("1", "backtest"));
        }
        command.getCommandSpec().options().stream()
                .filter(OptionSpec::required)
                .forEach(each -> words.addAll(List.of(each.longestName(), "x")));
        if (name.endsWith(" restore")) {
            // it looks at the backup first
            assertThat(run(with(name, words.toArray(new String[0])))).isEqualTo(ExitCode.UNREACHABLE);
            return;
        }
        assertThat(run(with(name, words.toArray(new String[0]))))
                .as(err.toString())
                .isEqualTo(4);
        assertThat(err.toString()).contains("/nowhere/pipeline.json");
        assertThat(ExitCode.of(command)).containsKey(4);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "show 777",
                "logs 777",
                "backtest 777",
                "retry 777",
                "skip 777 backtest --reason x",
                "park 777 --reason x",
                "unpark 777",
                "cancel 777 --reason x",
                "revalidate 777",
                "deploy 777",
                "stop 777",
                "restart 777",
                "reset 777",
                "pin 777 --reason x",
                "never 777 --reason x",
                "flatten 777",
                "halt 777",
                "resume 777"
            })
    void a_trial_that_is_not_there_ends_with_3_and_one_that_is_no_name_with_2(String line) {
        String config = DemoHome.unpack(directory.resolve("home")).toString();
        assertThat(run((line + " --config " + config).split(" ")))
                .as(err.toString())
                .isEqualTo(ExitCode.NOT_FOUND);
        assertThat(err.toString()).contains("There is no trial 777.");

        assertThat(run((line.replace("777", "x/y/z") + " --config " + config).split(" ")))
                .as(err.toString())
                .isEqualTo(ExitCode.USAGE);
        String name = line.split(" ")[0];
        assertThat(ExitCode.of(Main.commandLine().getSubcommands().get(name))).containsKeys(2, 3);
    }

    @Test
    void every_command_has_a_description_and_so_has_each_of_its_options() {
        assertThat(commands()).hasSizeGreaterThan(35).allSatisfy(command -> {
            assertThat(command.getCommandSpec().usageMessage().description())
                    .as(command.getCommandName())
                    .isNotEmpty();
            for (OptionSpec option : command.getCommandSpec().options()) {
                assertThat(option.description())
                        .as(command.getCommandName() + " " + option.longestName())
                        .isNotEmpty();
            }
        });
    }

    @Test
    void every_command_takes_the_options_of_all() {
        assertThat(commands())
                .filteredOn(command -> !command.getCommandName().equals("help"))
                .allSatisfy(command -> assertThat(command.getCommandSpec().optionsMap())
                        .as(command.getCommandName())
                        .containsKeys("-h", "--help", "--color"));
    }

    @Test
    void every_command_that_reads_can_answer_in_json() {
        List<String> reading =
                List.of("status", "trials", "show", "deployments", "events", "logs", "backtest", "doctor", "check");
        assertThat(commands())
                .filteredOn(command -> reading.contains(command.getCommandName()))
                .hasSizeGreaterThanOrEqualTo(reading.size())
                .allSatisfy(command -> assertThat(command.getCommandSpec().optionsMap())
                        .as(command.getCommandName())
                        .containsKey("--json"));
    }

    @ParameterizedTest
    @CsvSource({
        "statsu, status",
        "trial, trials",
        "deploymnets, deployments",
        "doctr, doctor",
        "help statsu, status",
        "db chekc, check",
        "trials --jsn, --json",
        "status --exitcode, --exit-code",
        "flatten 1 --dry-rn, --dry-run"
    })
    void what_was_meant_is_said(String line, String meant) {
        assertThat(run(line.split(" "))).isEqualTo(ExitCode.USAGE);
        assertThat(err.toString()).contains("did you mean '" + meant + "'?");
    }

    @Test
    void what_resembles_nothing_is_not_guessed_at() {
        assertThat(run("xyzzy")).isEqualTo(ExitCode.USAGE);
        assertThat(err.toString()).contains("There is no command 'xyzzy'.").doesNotContain("did you mean");
    }

    @Test
    void hostile_words_are_inert() {
        run("\u001b[31mstatus");
        assertThat(err.toString()).doesNotContain("\u001b").contains("\\u001b[31mstatus");
    }

    @Test
    void without_a_command_all_are_listed_and_that_is_a_mistake() {
        assertThat(run()).isEqualTo(ExitCode.USAGE);
        assertThat(err.toString()).contains("Usage: pipeline", "doctor");
        assertThat(out.toString()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"deploy", "stop", "flatten", "never", "halt", "retry"})
    void what_the_contract_has_no_questions_for_takes_none(String command) {
        assertThat(Main.commandLine()
                        .getSubcommands()
                        .get(command)
                        .getCommandSpec()
                        .options())
                .noneMatch(OptionSpec::required);
    }

    @Test
    void several_traders_are_not_flattened_where_nobody_can_be_asked() {
        assertThat(run("flatten", "1", "2", "--config", "/nowhere/pipeline.json"))
                .isEqualTo(ExitCode.USAGE);
        assertThat(err.toString()).contains("2 traders sell everything", "--yes");
    }

    @Test
    void a_word_behind_watch_is_not_taken_for_its_duration() {
        CommandLine.ParseResult parsed = Main.commandLine().parseArgs("events", "--watch", "-n", "3");
        WatchOption watch = ((EventsCommand) parsed.subcommand().commandSpec().userObject()).watch;
        assertThat(watch.every).hasSeconds(5);
        parsed = Main.commandLine().parseArgs("trials", "--watch=250ms");
        watch = ((TrialsCommand) parsed.subcommand().commandSpec().userObject()).watch;
        assertThat(watch.every).hasMillis(250);
        assertThat(run("trials", "--watch", "5s")).isEqualTo(ExitCode.USAGE);
    }
}
