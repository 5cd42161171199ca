package io.pipelinev2.backtest.report;

import io.pipelinev2.backtest.environment.Fills;
import io.pipelinev2.backtest.environment.TradingRules;
import io.pipelinev2.backtest.overfit.OverfitPanel;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What a reader should know before believing a figure, in sentences, the gravest first. */
final class WarningsSection implements Section {

    private final List<String> warnings;

    WarningsSection(
            ReportSubject subject,
            RunSeries run,
            ReportedRun result,
            SharpeInSample sharpe,
            @Nullable OverfitPanel panel) {
        Set<String> all = new LinkedHashSet<>();
        if (result.metrics().bankrupt()) {
            all.add("Bankrupt: all equity was lost at " + run.timeline().name(run.steps())
                    + ". Figures and curves end there.");
        }
        if (result.trades().isPresent() && result.trades().getAsDouble() == 0) {
            all.add("The model never traded: there is nothing to judge it by.");
        }
        all.addAll(result.warnings());
        addLength(all, run, result, sharpe);
        addSpacing(all, run);
        if (subject.trainingOverlap() == null) {
            all.add(
                    "It is not known whether the trial was trained on these bars, or chosen by them. If it was, every figure"
                            + " here is too good.");
        }
        TradingRules rules = result.played() == null ? null : result.played().rules();
        if (rules != null && rules.fills() == Fills.SAME_BAR) {
            all.add("Orders are filled at the price of the bar on which they are decided"
                    + (rules.slippageBps() == 0 ? ", without slippage" : "")
                    + ". A real order comes later and moves the price.");
        }
        if (panel == null) {
            all.add(
                    "Nothing here says how often somebody tried: a good result is worth less when it is the best of many.");
        }
        this.warnings = List.copyOf(all);
    }

    private static void addLength(Set<String> all, RunSeries run, ReportedRun result, SharpeInSample sharpe) {
        if (run.timeline().days() < Timeline.DAYS_PER_YEAR / 4) {
            all.add("Short sample: " + Numbers.decimals(run.timeline().days(), 1) + " days"
                    + (sharpe.error() == null
                            ? "."
                            : ", in which the annual Sharpe ratio has a standard error of "
                                    + Numbers.decimals(sharpe.error(), 2)
                                    + ". Differences between trials that are smaller than that are noise."));
        }
        List<String> extrapolated = new ArrayList<>();
        result.metrics().all().forEach((name, metric) -> {
            String remark = metric.remark();
            if (metric.isDefined() && remark != null && remark.contains("extrapolated")) {
                extrapolated.add(MetricWords.of(name).title());
            }
        });
        if (!extrapolated.isEmpty()) {
            all.add("Extrapolated to a year from less than a quarter of one: " + String.join(", ", extrapolated)
                    + ". Do not compare them with figures of a whole year.");
        }
    }

    /** The steps per year are configured; the bars know better. */
    private static void addSpacing(Set<String> all, RunSeries run) {
        long[] times = run.timeline().times();
        if (times == null || run.steps() < 2) {
            return;
        }
        long[] gaps = new long[run.steps()];
        for (int i = 0; i < gaps.length; i++) {
            gaps[i] = times[i + 1] - times[i];
        }
        Arrays.sort(gaps);
        double usual = gaps[gaps.length / 2] / 86_400_000.0;
        double configured = Timeline.DAYS_PER_YEAR / run.periodsPerYear();
        // 252 trading days are 1.45 days apart by this count, and right.
        if (usual > 0 && (usual > 1.5 * configured || usual < configured / 1.5)) {
            all.add("The bars are usually " + Numbers.significant(usual * 24) + " hours apart, but "
                    + Numbers.significant(run.periodsPerYear()) + " steps per year make it "
                    + Numbers.significant(configured * 24)
                    + ". Annual figures are wrong unless data.periods_per_year is.");
        }
    }

    @Override
    public String key() {
        return "warnings";
    }

    @Override
    public void write(Html page) {
        page.open("section", "id", key(), "class", "warnings").element("h2", "Read this first");
        if (warnings.isEmpty()) {
            page.element("p", "No warnings.");
        } else {
            page.open("ul");
            warnings.forEach(warning -> page.element("li", warning));
            page.close("ul");
        }
        page.close("section");
    }

    @Override
    public Map<String, @Nullable Object> toMap() {
        return Map.of("warnings", warnings);
    }
}
