package io.pipelinev2.runner.cli;

import picocli.CommandLine.Option;

/** What every command takes. */
final class CommonOptions {

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Show this help, and do nothing.")
    boolean help;

    @Option(
            names = "--color",
            paramLabel = "WHEN",
            description = "${COMPLETION-CANDIDATES}. Default: auto, on a terminal and where NO_COLOR is not set.")
    ColorChoice color = ColorChoice.AUTO;
}
