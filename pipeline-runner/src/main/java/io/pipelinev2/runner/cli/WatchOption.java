package io.pipelinev2.runner.cli;

import java.time.Duration;
import java.util.Map;
import java.util.Stack;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.IParameterPreprocessor;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;

/** To look again and again. */
final class WatchOption {

    private static final String USUAL = "5s";

    @Option(
            names = "--watch",
            arity = "0..1",
            paramLabel = "DURATION",
            converter = DurationConverter.class,
            preprocessor = Attached.class,
            fallbackValue = USUAL,
            description =
                    "Look again every 5 s, or as often as is said, until Ctrl+C. A terminal is redrawn; with --json"
                            + " there is one object on each line.")
    @Nullable
    Duration every;

    /** A word behind the option is an argument of the command's own; only what is attached with "=" is the option's. */
    static final class Attached implements IParameterPreprocessor {
        @Override
        public boolean preprocess(
                Stack<String> arguments, CommandSpec command, ArgSpec option, Map<String, Object> info) {
            if (!"=".equals(info.get("separator"))) {
                arguments.push(USUAL);
            }
            return false;
        }
    }
}
