package io.pipelinev2.runner.cli;

import io.pipelinev2.runner.logging.Logging;
import io.pipelinev2.runner.logging.Verbosity;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.HelpCommand;
import picocli.CommandLine.IVersionProvider;

/** The program: {@code java -jar pipeline-runner.jar COMMAND}. */
@Command(
        name = "pipeline",
        description = {
            "Takes the finished trials of an Optuna study, backtests them, and keeps the best trading on PAPER.",
            "New here? `demo` shows all of it in a minute."
        },
        synopsisSubcommandLabel = "COMMAND",
        mixinStandardHelpOptions = true,
        versionProvider = Main.Version.class,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {
            "0:ok",
            "1:internal error, a verdict other than passed, or findings (db check)",
            "2:usage",
            "3:not found",
            "4:bad configuration",
            "5:a dependency, file, port or directory cannot be reached or read; doctor found what does not work",
            "6:degraded (status --exit-code); doctor --strict found what may hurt",
            "7:another process supervises this home",
            "8:refused",
            "130:interrupted by Ctrl+C",
            "143:ended by SIGTERM, in order"
        })
public final class Main {

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
            DoctorCommand.class,
            TradeCommand.class,
            HelpCommand.class);

    private Main() {}

    public static void main(String[] arguments) {
        Logging.toConsole(Verbosity.NORMAL);
        System.exit(commandLineFor(arguments).execute(arguments));
    }

    /** The command line, for tests and for tools that embed it. */
    public static CommandLine commandLine() {
        return commandLine(COMMANDS);
    }

    /** With the one command that is asked for: making all of them known takes longer than many a command itself. */
    static CommandLine commandLineFor(String... arguments) {
        // help tells of all of them
        List<Class<?>> asked = COMMANDS.stream()
                .filter(command -> command != HelpCommand.class)
                .filter(command -> arguments.length > 0 && arguments[0].equals(name(command)))
                .toList();
        return commandLine(asked.isEmpty() ? COMMANDS : asked);
    }

    private static String name(Class<?> command) {
        return command.getAnnotation(Command.class).name();
    }

    private static CommandLine commandLine(List<Class<?>> commands) {
        CommandLine commandLine = new CommandLine(new Main());
        commands.forEach(commandLine::addSubcommand);
        commandLine.setExecutionExceptionHandler(new Failures());
        commandLine.setCaseInsensitiveEnumValuesAllowed(true);
        commandLine.setUsageHelpAutoWidth(true);
        return commandLine;
    }

    /** The version in the jar's manifest. */
    static final class Version implements IVersionProvider {
        @Override
        public String[] getVersion() {
            String version = Main.class.getPackage().getImplementationVersion();
            return new String[] {"Pipeline V2 " + (version == null ? "(not packaged)" : version)};
        }
    }
}
