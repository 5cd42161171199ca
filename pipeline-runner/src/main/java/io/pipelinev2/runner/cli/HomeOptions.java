package io.pipelinev2.runner.cli;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which home a command works on. */
final class HomeOptions {

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help, and do nothing.")
    boolean help;

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
            description = "Log to standard error, too.")
    boolean verbose;
}
