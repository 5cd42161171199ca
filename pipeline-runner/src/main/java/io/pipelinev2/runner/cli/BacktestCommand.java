package io.pipelinev2.runner.cli;

import io.pipelinev2.backtest.BacktestResult;
import io.pipelinev2.backtest.BacktestStage;
import io.pipelinev2.backtest.ExternalResult;
import io.pipelinev2.backtest.ExternalRun;
import io.pipelinev2.backtest.overfit.OverfitPanel;
import io.pipelinev2.backtest.report.BacktestReport;
import io.pipelinev2.backtest.report.ReportSubject;
import io.pipelinev2.core.Clock;
import io.pipelinev2.core.PipelineException;
import io.pipelinev2.core.stage.StageOutcome;
import io.pipelinev2.core.store.StoreException;
import io.pipelinev2.core.trial.Trial;
import io.pipelinev2.core.trial.TrialDetails;
import io.pipelinev2.core.trial.TrialSourceException;
import io.pipelinev2.runner.HomeLook;
import io.pipelinev2.runner.PanelLookup;
import io.pipelinev2.runner.config.ConfigException;
import io.pipelinev2.runner.config.PipelineConfig;
import io.pipelinev2.runner.view.Json;
import io.pipelinev2.runner.view.TrialSelector;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
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

    /** What a report of the command holds beside what the backtest recorded: no result of a stage takes their place. */
    private static final Set<String> OURS = Set.of("study", "number", "verdict", "reason", "overfit", "overfit_remark");

    /**
     * A backtest that was done.
     *
     * @param results what would be recorded
     * @param equity at the start and after each step, or null if a stage of the user's own returned none
     * @param cash beside it, or null if that is not known
     */
    private record Done(
            String verdict,
            String reason,
            Map<String, @Nullable Object> results,
            double @Nullable [] equity,
            double @Nullable [] cash,
            List<String> warnings,
            @Nullable OverfitPanel panel,
            @Nullable BacktestReport page) {

        boolean passed() {
            return verdict.equals("passed");
        }
    }

    @Override
    public Integer call() throws Exception {
        TrialSelector selector = TrialSelector.parse(trial);
        PipelineConfig config = config();
        log(config);
        try (Shutdown shutdown = new Shutdown();
                HomeLook look = new HomeLook(config)) {
            shutdown.answeredBy(look::close);
            return call(config, look, look.source().find(selector));
        }
    }

    private int call(PipelineConfig config, HomeLook look, Trial found) throws Exception {
        Map<String, @Nullable Object> report = report(found);
        Done done = null;
        try {
            TrialDetails details = look.source().details(found);
            done = look.isBacktestReplaced()
                    ? external(config, look, found, details, report)
                    : builtIn(config, look, found, details, report);
            report.put("verdict", done.verdict());
            report.put("reason", done.reason());
            done.results().forEach((name, value) -> {
                if (!OURS.contains(name)) {
                    report.put(name, value);
                }
            });
            report.put("overfit", done.panel() == null ? null : done.panel().toMap());
        } catch (TrialSourceException | ConfigException | InterruptedException e) {
            throw e;
        } catch (PipelineException e) {
            refused(report, e.getMessage());
        } catch (Exception e) {
            if (!look.isBacktestReplaced()) {
                throw e;
            }
            refused(report, "Stage backtest failed: " + e);
        }
        if (json) {
            print(report);
        } else {
            say(config, found, report, done);
        }
        out().flush();
        if (out != null) {
            write(out, report, done);
        }
        return done != null && done.passed() ? ExitCode.OK : ExitCode.FAILED;
    }

    private static void refused(Map<String, @Nullable Object> report, @Nullable String reason) {
        report.put("verdict", "error");
        report.put("reason", reason);
    }

    private Done builtIn(
            PipelineConfig config,
            HomeLook look,
            Trial found,
            TrialDetails details,
            Map<String, @Nullable Object> report) {
        BacktestStage stage = look.backtest();
        BacktestResult result = stage.backtest(found, details, () -> false);
        OverfitPanel panel = panel(report, () -> PanelLookup.of(config, look.source(), found, result));
        ReportSubject subject =
                subject(found, details).withDataSource(config.data().directory().toString());
        return new Done(
                result.verdict().passed() ? "passed" : "rejected",
                result.verdict().reason(),
                BacktestStage.recorded(result),
                result.equity(),
                result.cash(),
                result.warnings(),
                panel,
                out == null
                        ? null
                        : BacktestReport.of(subject.withTrainingOverlap(stage.trainingOverlap()), result, panel));
    }

    private Done external(
            PipelineConfig config,
            HomeLook look,
            Trial found,
            TrialDetails details,
            Map<String, @Nullable Object> report)
            throws Exception {
        ExternalResult result = look.backtest(found, details);
        ExternalRun run = result.run();
        OverfitPanel panel =
                run == null ? null : panel(report, () -> PanelLookup.of(config, look.source(), found, run));
        StageOutcome outcome = result.outcome();
        return new Done(
                outcome.getClass().getSimpleName().toLowerCase(Locale.ROOT),
                outcome.reason(),
                outcome.results(),
                run == null ? null : run.equity(),
                null,
                run == null ? List.of("no curve and no report: the stage returned no series named equity") : List.of(),
                panel,
                out == null || run == null ? null : BacktestReport.of(subject(found, details), result, panel));
    }

    /** The backtest stands without it. */
    private static @Nullable OverfitPanel panel(
            Map<String, @Nullable Object> report, Supplier<Optional<OverfitPanel>> lookup) {
        try {
            return lookup.get().orElse(null);
        } catch (StoreException e) {
            report.put("overfit_remark", e.getMessage());
            return null;
        }
    }

    private void say(PipelineConfig config, Trial found, Map<String, @Nullable Object> report, @Nullable Done done) {
        say("Trial " + found.key() + ": " + report.get("verdict") + ": " + report.get("reason"));
        if (report.get("metrics") instanceof Map<?, ?> metrics) {
            metrics.forEach((name, value) -> say("  " + name + "  " + (value == null ? "undefined" : value)));
        }
        if (report.get("gates") instanceof List<?> gates) {
            gates.forEach(gate -> say("  " + TrialText.gateLine(gate)));
        }
        if (done != null) {
            done.warnings().forEach(warning -> say("  note    " + warning));
        }
        if (report.get("overfit_remark") instanceof String remark) {
            say("  note    no overfitting panel: " + remark);
        }
        if (done != null && done.panel() != null) {
            config.backtest()
                    .overfit()
                    .rules()
                    .judge(done.panel())
                    .results()
                    .forEach(gate -> say("  advice  " + gate.words()));
        }
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

    private static ReportSubject subject(Trial trial, TrialDetails details) {
        String version = BacktestCommand.class.getPackage().getImplementationVersion();
        return ReportSubject.of(
                        trial.key().study(),
                        trial.key().number(),
                        version == null ? "(not packaged)" : version,
                        Clock.system().now())
                .withVersion("Java", Runtime.version().toString())
                .withTrialParameters(details.parameters());
    }

    private static void write(Path directory, Map<String, @Nullable Object> report, @Nullable Done done) {
        try {
            Files.createDirectories(directory);
            Files.writeString(directory.resolve("metrics.json"), Json.pretty(report) + "\n", StandardCharsets.UTF_8);
            if (done != null && done.equity() != null) {
                Files.writeString(
                        directory.resolve("equity.csv"), csv(done.equity(), done.cash()), StandardCharsets.UTF_8);
            }
            if (done != null && done.page() != null) {
                Files.writeString(directory.resolve("report.html"), done.page().html(), StandardCharsets.UTF_8);
                Files.writeString(
                        directory.resolve("report.json"),
                        Json.compact(done.page().toMap()) + "\n",
                        StandardCharsets.UTF_8);
            }
        } catch (IOException e) {
            throw new UnwritableException(
                    "The results cannot be written to %s: %s. Name a directory that you may write to with --out DIR."
                            .formatted(directory, e),
                    e);
        }
    }

    private static String csv(double[] equity, double @Nullable [] cash) {
        StringBuilder csv = new StringBuilder("step,equity,cash\n");
        for (int step = 0; step < equity.length; step++) {
            csv.append(step)
                    .append(',')
                    .append(equity[step])
                    .append(',')
                    .append(cash == null ? "" : Double.toString(cash[step]))
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
