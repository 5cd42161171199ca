package io.pipelinev2.runner.cli;

import io.pipelinev2.deploy.papertrading.PaperTrader;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "trade",
        description = "The bundled PAPER trader, one process per deployment. Started by the pipeline, not by hand."
                + " Exit codes are those of sysexits: 64 to 78 mean that starting again would not help.")
final class TradeCommand implements Callable<Integer> {

    @Option(names = "--state", required = true, paramLabel = "DIR", description = "The deployment's state directory.")
    Path state;

    @Override
    public Integer call() {
        return PaperTrader.run(state);
    }
}
