package io.pipelinev2.backtest.report;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The equity against equal-weight buy-and-hold, on a logarithmic axis. */
final class EquitySection implements Section {

    private final RunSeries run;

    EquitySection(RunSeries run) {
        this.run = run;
    }

    @Override
    public String key() {
        return "equity";
    }

    @Override
    public void write(Html page) {
        page.open("section", "id", key()).element("h2", "Equity");
        int points = run.solventPoints();
        if (run.steps() == 0 || points < 2) {
            page.element("p", "There is no step with equity to draw.", "class", "none")
                    .close("section");
            return;
        }
        double[] own = Arrays.copyOf(run.equity(), points);
        double[] held = run.benchmark();
        double low = run.hasBenchmark() ? Math.min(min(own), min(held)) : min(own);
        double high = run.hasBenchmark() ? Math.max(max(own), max(held)) : max(own);
        Legend legend = Legend.begin(page).line("own", "this model").line("start", "initial capital");
        if (run.hasBenchmark()) {
            legend.line("held", isOurs() ? "equal-weight buy-and-hold of the same assets" : run.market());
        }
        legend.end();
        Chart chart = Chart.begin(
                page,
                key(),
                run.hasBenchmark() ? "Equity against " + run.market() : "Equity",
                "From " + money(own[0]) + " the model came to " + money(run.equity()[run.steps()])
                        + (run.hasBenchmark() ? ", " + run.market() + " to " + money(held[run.steps()]) : "") + ".",
                Chart.WIDE,
                300);
        double margin = Math.pow(high / low, 0.05);
        chart.x(0, run.timeline().at(run.steps())).logarithmicY(low / margin, high * margin);
        double from = chart.y().from();
        double to = chart.y().to();
        boolean wide = Math.log10(to / from) >= 1.2;
        int decimals = Ticks.decimals(from, to, 6);
        chart.axes(
                        run.timeline().ticks(),
                        run.timeline().caption(),
                        Ticks.labelled(
                                Ticks.logarithmic(from, to, 6),
                                value -> wide ? plain(value) : Numbers.decimals(value, decimals)))
                .level("start", own[0]);
        if (run.hasBenchmark()) {
            chart.curve("held", run.timeline().at(0, held.length), held);
        }
        chart.curve("own", run.timeline().at(0, points), own);
        if (points <= run.steps()) {
            chart.place("mark", run.timeline().at(run.steps()));
            chart.write(
                    "bankrupt at " + run.timeline().name(run.steps()),
                    chart.x().at(run.timeline().at(points - 1)) - 24,
                    chart.y().start() - 6,
                    "end");
        }
        chart.end();
        page.element(
                        "p",
                        "In quote currency, on a logarithmic axis: equal distances are equal percentages."
                                + (isOurs()
                                        ? " Buy-and-hold puts the same capital into all assets in equal parts at the first bar"
                                                + " and pays no fees."
                                        : ""),
                        "class",
                        "remark")
                .close("section");
    }

    @Override
    public Map<String, @Nullable Object> toMap() {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        map.put("model", RunSeries.list(run.equity()));
        map.put("benchmark", RunSeries.list(run.benchmark()));
        return map;
    }

    private boolean isOurs() {
        return run.hasBenchmark() && run.market().equals("buy-and-hold");
    }

    private static String money(double value) {
        return Quantity.MONEY.show(value);
    }

    private static String plain(double value) {
        return value >= 1
                ? Numbers.decimals(value, 0)
                : Numbers.significant(value).replaceAll("0+$", "");
    }

    private static double min(double[] values) {
        return Arrays.stream(values).min().orElse(1);
    }

    private static double max(double[] values) {
        return Arrays.stream(values).max().orElse(1);
    }
}
