package io.pipelinev2.runner.cli;

import io.pipelinev2.backtest.BacktestResult;
import io.pipelinev2.core.PipelineException;
import io.pipelinev2.core.trial.Trial;
import io.pipelinev2.runner.PipelineHome;
import io.pipelinev2.runner.SourceLookup;
import io.pipelinev2.runner.config.PipelineConfig;
import io.pipelinev2.runner.view.Json;
import io.pipelinev2.runner.view.TrialSelector;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
        name = "backtest",
        description = "Backtests one trial on its own; the state is not touched. Exits with 1 unless it passes.")
final class BacktestCommand extends HomeCommand {

    @Parameters(index = "0", paramLabel = "[STUDY/]N", description = "The trial.")
    String trial;

    @Option(names = "--json", description = "One JSON object on standard output.")
    boolean json;

    @Option(names = "--out", paramLabel = "DIR", description = "Write metrics.json and equity.csv there.")
    @Nullable
    Path out;

    @Override
    public Integer call() throws IOException {
        TrialSelector selector = TrialSelector.parse(trial);
        PipelineConfig config = config();
        log(config);
        SourceLookup source = new SourceLookup(PipelineHome.source(config));
        Trial found = source.find(selector);
        Map<String, @Nullable Object> report = new LinkedHashMap<>();
        report.put("study", found.key().study());
        report.put("number", found.key().number());
        boolean passed = false;
        try {
            BacktestResult result = PipelineHome.backtestStage(config, source::rivalOf)
                    .backtest(found, source.details(found), () -> false);
            passed = result.verdict().passed();
            report.put("verdict", passed ? "passed" : "rejected");
            report.put("reason", result.verdict().reason());
            report.putAll(result.toMap());
            if (out != null) {
                write(out, report, result);
            }
        } catch (PipelineException e) {
            report.put("verdict", "error");
            report.put("reason", e.getMessage());
        }
        if (json) {
            print(report);
        } else {
            say("Trial " + found.key() + ": " + report.get("verdict") + ": " + report.get("reason"));
            if (report.get("metrics") instanceof Map<?, ?> metrics) {
                metrics.forEach((name, value) -> say("  " + name + "  " + (value == null ? "undefined" : value)));
            }
            if (report.get("gates") instanceof List<?> gates) {
                gates.forEach(gate -> say("  " + ShowCommand.gateLine(gate)));
            }
        }
        return passed ? ExitCode.OK : ExitCode.FAILED;
    }

    private static void write(Path directory, Map<String, @Nullable Object> report, BacktestResult result)
            throws IOException {
        Files.createDirectories(directory);
        Files.writeString(directory.resolve("metrics.json"), Json.pretty(report) + "\n", StandardCharsets.UTF_8);
        StringBuilder csv = new StringBuilder("step,equity,cash\n");
        double[] equity = result.equity();
        double[] cash = result.cash();
        for (int step = 0; step < equity.length; step++) {
            csv.append(step)
                    .append(',')
                    .append(equity[step])
                    .append(',')
                    .append(cash[step])
                    .append('\n');
        }
        Files.writeString(directory.resolve("equity.csv"), csv, StandardCharsets.UTF_8);
    }
}
