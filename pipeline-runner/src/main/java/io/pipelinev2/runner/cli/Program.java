package io.pipelinev2.runner.cli;

import io.pipelinev2.runner.logging.Logging;
import io.pipelinev2.runner.logging.Verbosity;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.IVersionProvider;

/** The program's commands, and how they are carried out. */
@Command(
        name = "pipeline",
        description = {
            "Takes the finished trials of an Optuna study, backtests them, and keeps the best trading on PAPER.",
            "New here? `demo` shows all of it in a minute."
        },
        synopsisSubcommandLabel = "COMMAND",
        mixinStandardHelpOptions = true,
        versionProvider = Program.Version.class)
final class Program {

    /** In the order in which help lists them. */
    private static final List<Class<?>> COMMANDS = List.of(
            DemoCommand.class,
            OnceCommand.class,
            RunCommand.class,
            StatusCommand.class,
            TrialsCommand.class,
            ShowCommand.class,
            BacktestCommand.class,
            DeploymentsCommand.class,
            DeployCommand.class,
            StopCommand.class,
            RestartCommand.class,
            ResetCommand.class,
            PinCommand.class,
            NeverCommand.class,
            FlattenCommand.class,
            HaltCommand.class,
            ResumeCommand.class,
            LogsCommand.class,
            RetryCommand.class,
            RevalidateCommand.class,
            SkipCommand.class,
            ParkCommand.class,
            UnparkCommand.class,
            CancelCommand.class,
            PauseCommand.class,
            UnpauseCommand.class,
            DrainCommand.class,
            EventsCommand.class,
            HealthCommand.class,
            AlertsCommand.class,
            BackupCommand.class,
            RestoreCommand.class,
            DbCommand.class,
            InitCommand.class,
            ConfigCommand.class,
            TokenCommand.class,
            DoctorCommand.class,
            CompletionCommand.class,
            TradeCommand.class,
            HelpCommand.class);

    private Program() {}

    /** Carries out a command, and ends this process with its exit code. */
    static void run(String... arguments) {
        if (!asksForHelp(arguments)) {
            Logging.toConsole(Verbosity.NORMAL);
        }
        CommandLine commandLine = commandLineFor(arguments);
        boolean coloured = ColorChoice.in(arguments).isOn(System.getenv(), Terminal.isOut());
        // so that whoever writes learns that nobody reads any more, which picocli's own writer does not tell
        commandLine.setOut(new PrintWriter(System.out, true));
        commandLine.setColorScheme(Help.defaultColorScheme(coloured ? Help.Ansi.ON : Help.Ansi.OFF));
        System.exit(commandLine.execute(arguments));
    }

    /** Nothing is logged then, and to be able to would take half of the time. */
    private static boolean asksForHelp(String... arguments) {
        List<String> words = List.of(arguments);
        return words.isEmpty() || words.get(0).equals("help") || words.contains("--help") || words.contains("-h");
    }

    static CommandLine commandLine() {
        return commandLine(COMMANDS);
    }

    /** With the one command that is asked for: making all of them known takes longer than many a command itself. */
    static CommandLine commandLineFor(String... arguments) {
        boolean aboutOne = arguments.length > 1 && arguments[0].equals("help");
        String name = arguments.length == 0 ? "" : arguments[aboutOne ? 1 : 0];
        // help tells of all of them
        List<Class<?>> asked = COMMANDS.stream()
                .filter(command -> command != HelpCommand.class)
                .filter(command -> name.equals(name(command)))
                .toList();
        if (asked.isEmpty()) {
            return commandLine(COMMANDS);
        }
        return commandLine(aboutOne ? List.of(asked.get(0), HelpCommand.class) : asked);
    }

    private static String name(Class<?> command) {
        return command.getAnnotation(Command.class).name();
    }

    private static CommandLine commandLine(List<Class<?>> commands) {
        CommandLine commandLine = new CommandLine(new Program());
        commands.forEach(commandLine::addSubcommand);
        commandLine.setExecutionExceptionHandler(new Failures());
        commandLine.setParameterExceptionHandler(new Misuse());
        commandLine.setCaseInsensitiveEnumValuesAllowed(true);
        commandLine.setUsageHelpAutoWidth(true);
        tellExitCodes(commandLine);
        return commandLine;
    }

    private static void tellExitCodes(CommandLine command) {
        Map<String, String> codes = new LinkedHashMap<>();
        ExitCode.of(command).forEach((code, words) -> codes.put(code.toString(), words));
        command.getCommandSpec()
                .usageMessage()
                .exitCodeListHeading("%nExit codes:%n")
                .exitCodeList(codes);
        command.getSubcommands().values().forEach(Program::tellExitCodes);
    }

    /** The version in the jar's manifest. */
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            return new String[] {Printed.version()};
        }
    }
}
