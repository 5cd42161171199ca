package io.pipelinev2.backtest.report;

import io.pipelinev2.backtest.BacktestResult;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Everything that a doubt about a number can be traced to. */
final class IdentitySection implements Section {

    private final ReportSubject subject;
    private final RunSeries run;
    private final ReportedRun result;
    private final @Nullable BacktestResult played;

    IdentitySection(ReportSubject subject, RunSeries run, ReportedRun result) {
        this.subject = subject;
        this.played = result.played();
        this.run = run;
        this.result = result;
    }

    @Override
    public String key() {
        return "identity";
    }

    @Override
    public void write(Html page) {
        page.open("section", "id", key()).element("h2", "What was run");
        Map<String, @Nullable Object> facts = new LinkedHashMap<>();
        facts.put("study", subject.study());
        facts.put("trial", subject.number());
        facts.put("model (sha256)", result.modelSha256() == null ? "no model file" : result.modelSha256());
        facts.put("market data (sha256)", result.dataSha256());
        facts.put("market data from", subject.dataSource() == null ? "not recorded" : subject.dataSource());
        facts.put("bars played", range());
        if (played != null) {
            facts.put("assets", String.join(", ", played.curves().assets()));
        }
        facts.put(
                "overlap with the training",
                subject.trainingOverlap() == null ? "not known" : subject.trainingOverlap());
        facts.put("steps per year", result.periodsPerYear());
        facts.put("risk-free rate", 0);
        String unseeded = played == null ? "not told" : "none: nothing in this run is random";
        facts.put("seed", subject.seed() == null ? unseeded : subject.seed());
        facts.putAll(subject.versions());
        facts.put("report made", subject.generatedAt().toString());
        table(page, "Identity", facts);
        if (played != null) {
            table(page, "Rules of the game", played.rules().toMap());
            table(page, "What the agent was given", played.parameters().toMap());
        }
        if (!subject.trialParameters().isEmpty()) {
            table(page, "The trial's parameters", subject.trialParameters());
        }
        page.close("section");
    }

    private String range() {
        int first = result.firstBar();
        String rows = "rows " + Numbers.whole(first) + " to " + Numbers.whole((double) first + run.steps());
        return run.timeline().times() == null
                ? rows + " (the data has no dates)"
                : run.timeline().name(0) + " to " + run.timeline().name(run.steps()) + ", " + rows;
    }

    /** What JSON has no number for is said in words: a study may well hold an infinity. */
    private Map<String, @Nullable Object> trialParameters() {
        Map<String, @Nullable Object> parameters = new LinkedHashMap<>();
        subject.trialParameters()
                .forEach((name, value) -> parameters.put(
                        name,
                        value instanceof Number number && !Double.isFinite(number.doubleValue())
                                ? words(number)
                                : value));
        return parameters;
    }

    private static void table(Html page, String caption, Map<String, ? extends @Nullable Object> facts) {
        Table table = Table.begin(page, caption, "Name", "Value");
        facts.forEach((name, value) ->
                table.row().head(name, "").cell(words(value), "fact").end());
        table.end();
    }

    private static String words(@Nullable Object value) {
        if (value instanceof Number number) {
            double all = number.doubleValue();
            return Double.isFinite(all) ? Numbers.exact(all) : "not finite";
        }
        return String.valueOf(value);
    }

    @Override
    public Map<String, @Nullable Object> toMap() {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        map.put("study", subject.study());
        map.put("number", subject.number());
        map.put("model_sha256", result.modelSha256());
        map.put("data_sha256", result.dataSha256());
        map.put("data_source", subject.dataSource());
        map.put("first_bar", result.firstBar());
        map.put("assets", played == null ? null : played.curves().assets());
        map.put("training_overlap", subject.trainingOverlap());
        map.put("periods_per_year", result.periodsPerYear());
        map.put("seed", subject.seed());
        map.put("versions", subject.versions());
        map.put("generated_at", subject.generatedAt().toString());
        map.put("environment", played == null ? null : played.rules().toMap());
        map.put("parameters", played == null ? null : played.parameters().toMap());
        map.put("trial_parameters", trialParameters());
        return map;
    }
}
