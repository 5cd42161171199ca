package io.pipelinev2.backtest.report;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The few figures that one looks at first, and what a record of this length can say at all. */
final class SummarySection implements Section {

    private static final String NO_BENCHMARK = "no benchmark";

    private final RunSeries run;
    private final ReportedRun result;
    private final SharpeInSample sharpe;

    SummarySection(RunSeries run, ReportedRun result, SharpeInSample sharpe) {
        this.run = run;
        this.result = result;
        this.sharpe = sharpe;
    }

    @Override
    public String key() {
        return "summary";
    }

    @Override
    public void write(Html page) {
        page.open("section", "id", key(), "aria-label", "Summary").open("dl", "class", "tiles");
        tile(page, "Total return", metric("total_return"), benchmarkReturn());
        tile(page, "Deepest drawdown", metric("max_drawdown"), deepestOfBenchmark());
        Double ratio = sharpe.sharpe();
        Double error = sharpe.error();
        tile(
                page,
                "Sharpe per year",
                ratio == null ? "undefined" : Numbers.decimals(ratio, 2),
                error == null ? "no standard error" : "standard error " + Numbers.decimals(error, 2));
        tile(
                page,
                "Length",
                Numbers.decimals(run.timeline().days(), run.timeline().days() < 10 ? 1 : 0) + " days",
                Numbers.whole(run.steps()) + (run.steps() == 1 ? " step" : " steps"));
        tile(
                page,
                "Trades",
                result.trades().isPresent() ? Numbers.whole(result.trades().getAsDouble()) : "not told",
                "fees " + metric("fees_total"));
        page.close("dl");
        page.element("p", whatItCanSay(), "class", "honest").close("section");
    }

    private String benchmarkReturn() {
        return run.hasBenchmark()
                ? run.market() + " " + Numbers.change(run.benchmark()[run.steps()] / run.benchmark()[0] - 1)
                : NO_BENCHMARK;
    }

    private String deepestOfBenchmark() {
        double deepest = Arrays.stream(run.benchmarkDrawdowns()).max().orElse(0);
        return run.hasBenchmark() ? run.market() + " " + Numbers.percent(deepest) : NO_BENCHMARK;
    }

    private String metric(String name) {
        Double value = result.metrics().get(name).value();
        return value == null ? "undefined" : MetricWords.of(name).quantity().show(value);
    }

    private static void tile(Html page, String name, String value, String beside) {
        page.open("div")
                .element("dt", name)
                .element("dd", value, "class", "big")
                .element("dd", beside, "class", "beside")
                .close("div");
    }

    private String whatItCanSay() {
        Double ratio = sharpe.sharpe();
        Double error = sharpe.error();
        Double half = sharpe.halfOf95();
        StringBuilder words = new StringBuilder();
        if (ratio == null || error == null || half == null) {
            words.append("This run has no Sharpe ratio with a standard error, so it says nothing about skill.");
        } else {
            words.append("At ")
                    .append(Numbers.whole(sharpe.steps()))
                    .append(" steps the standard error of the annual Sharpe ratio is ")
                    .append(Numbers.decimals(error, 2))
                    .append(": with 95 % confidence the true ratio lies between ")
                    .append(Numbers.decimals(ratio - half, 1))
                    .append(" and ")
                    .append(Numbers.decimals(ratio + half, 1))
                    .append(
                            Boolean.TRUE.equals(sharpe.mayBeZero())
                                    ? ". That includes 0: this record is too short to tell the model from one without skill."
                                    : ".");
        }
        Double luck = sharpe.luckOf100();
        if (luck != null) {
            words.append(" The best of 100 models without any skill would show ")
                    .append(Numbers.decimals(luck, 2))
                    .append(" on a record of this length, on average.");
        }
        return words.toString();
    }

    @Override
    public Map<String, @Nullable Object> toMap() {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        map.put("days", run.timeline().days());
        map.put("steps", run.steps());
        map.put("sharpe", sharpe.toMap());
        return map;
    }
}
