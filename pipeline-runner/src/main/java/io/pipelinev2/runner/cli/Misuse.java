package io.pipelinev2.runner.cli;

import io.pipelinev2.runner.config.DidYouMean;
import io.pipelinev2.runner.config.InertText;
import java.io.PrintWriter;
import java.util.Collection;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine;
import picocli.CommandLine.IParameterExceptionHandler;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** Tells what is wrong with a command line in a line or two, with what was probably meant. */
final class Misuse implements IParameterExceptionHandler {

    private static final Pattern UNKNOWN_SUBCOMMAND = Pattern.compile("Unknown subcommand '(.*)'\\.?", Pattern.DOTALL);

    @Override
    public int handleParseException(ParameterException misuse, String[] arguments) {
        CommandLine commandLine = misuse.getCommandLine();
        PrintWriter err = commandLine.getErr();
        if (arguments.length == 0) {
            commandLine.usage(err, commandLine.getColorScheme());
        } else {
            err.println(InertText.of(words(misuse)));
            err.println("Try `" + commandLine.getCommandSpec().qualifiedName() + " --help`.");
        }
        err.flush();
        return ExitCode.USAGE;
    }

    private static String words(ParameterException misuse) {
        CommandSpec spec = misuse.getCommandLine().getCommandSpec();
        String message = String.valueOf(misuse.getMessage());
        Matcher unknown = UNKNOWN_SUBCOMMAND.matcher(message);
        if (unknown.matches()) {
            CommandSpec parent = spec.parent() == null ? spec : spec.parent();
            return unknownCommand(unknown.group(1), parent);
        }
        if (misuse instanceof UnmatchedArgumentException unmatched
                && !unmatched.getUnmatched().isEmpty()) {
            String word = unmatched.getUnmatched().get(0);
            if (word.startsWith("-") && word.length() > 1) {
                return "There is no option '" + word + "'" + meant(word.split("=", 2)[0], options(spec));
            }
            return spec.subcommands().isEmpty()
                    ? "'" + word + "' is one argument too many."
                    : unknownCommand(word, spec);
        }
        return message;
    }

    private static String unknownCommand(String word, CommandSpec spec) {
        return "There is no command '" + word + "'"
                + meant(word, spec.subcommands().keySet());
    }

    private static Collection<String> options(CommandSpec spec) {
        return spec.options().stream()
                .flatMap(option -> List.of(option.names()).stream())
                .filter(name -> name.startsWith("--"))
                .toList();
    }

    private static String meant(String word, Collection<String> known) {
        return DidYouMean.of(word, known)
                .map(candidate -> "; did you mean '" + candidate + "'?")
                .orElse(".");
    }
}
