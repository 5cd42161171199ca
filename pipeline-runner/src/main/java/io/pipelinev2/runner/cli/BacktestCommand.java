package io.pipelinev2.runner.cli;

import io.pipelinev2.backtest.BacktestResult;
import io.pipelinev2.backtest.BacktestStage;
import io.pipelinev2.backtest.overfit.OverfitPanel;
import io.pipelinev2.backtest.report.BacktestReport;
import io.pipelinev2.backtest.report.ReportSubject;
import io.pipelinev2.core.Clock;
import io.pipelinev2.core.PipelineException;
import io.pipelinev2.core.RefusedException;
import io.pipelinev2.core.store.StoreException;
import io.pipelinev2.core.trial.Trial;
import io.pipelinev2.core.trial.TrialDetails;
import io.pipelinev2.core.trial.TrialSourceException;
import io.pipelinev2.runner.PanelLookup;
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

    @Option(
            names = "--out",
            paramLabel = "DIR",
            description = "Write report.html, report.json, metrics.json and equity.csv there.")
    @Nullable
    Path out;

    @Override
    public Integer call() {
        TrialSelector selector = TrialSelector.parse(trial);
        PipelineConfig config = config();
        if (config.userStages().containsKey(BacktestStage.NAME)) {
            throw new RefusedException(
                    "A stage of your own replaces the backtest (stages.backtest); it is run by `once` and"
                            + " `run` alone.");
        }
        log(config);
        SourceLookup source = PipelineHome.lookup(config);
        Trial found = source.find(selector);
        Map<String, @Nullable Object> report = report(found);
        BacktestResult result = null;
        OverfitPanel panel = null;
        BacktestReport page = null;
        try {
            TrialDetails details = source.details(found);
            BacktestStage stage = PipelineHome.backtestStage(config, source::rivalOf, source::completeTrials);
            result = stage.backtest(found, details, () -> false);
            try {
                panel = PanelLookup.of(config, source, found, result).orElse(null);
            } catch (StoreException e) {
                // the backtest stands without it
                report.put("overfit_remark", e.getMessage());
            }
            page = out == null
                    ? null
                    : BacktestReport.of(subject(found, details, config, stage.trainingOverlap()), result, panel);
            report.put("verdict", result.verdict().passed() ? "passed" : "rejected");
            report.put("reason", result.verdict().reason());
            report.putAll(BacktestStage.recorded(result));
            report.put("overfit", panel == null ? null : panel.toMap());
        } catch (TrialSourceException e) {
            throw e;
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
            if (result != null) {
                result.warnings().forEach(warning -> say("  note    " + warning));
            }
            if (report.get("overfit_remark") instanceof String remark) {
                say("  note    no overfitting panel: " + remark);
            }
            if (panel != null) {
                config.backtest()
                        .overfit()
                        .rules()
                        .judge(panel)
                        .results()
                        .forEach(gate -> say("  advice  " + gate.words()));
            }
        }
        out().flush();
        if (out != null) {
            write(out, report, result, page);
        }
        return result != null && result.verdict().passed() ? ExitCode.OK : ExitCode.FAILED;
    }

    /** All keys of the contract; what an error leaves undefined is null. */
    private static Map<String, @Nullable Object> report(Trial trial) {
        Map<String, @Nullable Object> report = new LinkedHashMap<>();
        report.put("study", trial.key().study());
        report.put("number", trial.key().number());
        for (String key :
                List.of("verdict", "reason", "metrics", "legacy_v2", "trades", "model_sha256", "data_sha256")) {
            report.put(key, null);
        }
        return report;
    }

    private static ReportSubject subject(
            Trial trial, TrialDetails details, PipelineConfig config, String trainingOverlap) {
        String version = BacktestCommand.class.getPackage().getImplementationVersion();
        return ReportSubject.of(
                        trial.key().study(),
                        trial.key().number(),
                        version == null ? "(not packaged)" : version,
                        Clock.system().now())
                .withVersion("Java", Runtime.version().toString())
                .withTrialParameters(details.parameters())
                .withDataSource(config.data().directory().toString())
                .withTrainingOverlap(trainingOverlap);
    }

    private static void write(
            Path directory,
            Map<String, @Nullable Object> report,
            @Nullable BacktestResult result,
            @Nullable BacktestReport page) {
        try {
            Files.createDirectories(directory);
            Files.writeString(directory.resolve("metrics.json"), Json.pretty(report) + "\n", StandardCharsets.UTF_8);
            if (result != null) {
                Files.writeString(directory.resolve("equity.csv"), csv(result), StandardCharsets.UTF_8);
            }
            if (page != null) {
                Files.writeString(directory.resolve("report.html"), page.html(), StandardCharsets.UTF_8);
                Files.writeString(
                        directory.resolve("report.json"), Json.compact(page.toMap()) + "\n", StandardCharsets.UTF_8);
            }
        } catch (IOException e) {
            throw new UnwritableException(
                    "The results cannot be written to %s: %s. Name a directory that you may write to with --out DIR."
                            .formatted(directory, e),
                    e);
        }
    }

    private static String csv(BacktestResult result) {
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
        return csv.toString();
    }

    /** The results cannot be written where they were asked for. */
    static final class UnwritableException extends PipelineException {
        UnwritableException(String message, IOException cause) {
            super(message, cause);
        }
    }
}
