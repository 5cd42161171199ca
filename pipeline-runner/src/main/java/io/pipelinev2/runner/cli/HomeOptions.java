package io.pipelinev2.runner.cli;

import io.pipelinev2.runner.logging.Verbosity;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Which home a command works on. */
final class HomeOptions {

    @Mixin
    CommonOptions common = new CommonOptions();

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description =
                    "The configuration; its directory is the home. Default: $PIPELINE_CONFIG, else ./pipeline.json.")
    @Nullable
    Path config;

    @Option(names = "--home", paramLabel = "DIR", description = "The home, if it is not the configuration's directory.")
    @Nullable
    Path home;

    @Option(
            names = {"-v", "--verbose"},
            description = "Log to standard error, too, with what to do about warnings. Twice: with details.")
    boolean[] verbose = {};

    @Option(
            names = {"-q", "--quiet"},
            description = "Neither progress nor warnings on standard error.")
    boolean quiet;

    /** What is logged to standard error, where a command says {@code usual} if nothing else is asked for. */
    Verbosity verbosity(Verbosity usual) {
        if (quiet) {
            return Verbosity.QUIET;
        }
        return switch (verbose.length) {
            case 0 -> usual;
            case 1 -> Verbosity.VERBOSE;
            default -> Verbosity.DEBUG;
        };
    }
}
