package io.pipelinev2.backtest.report;

import io.pipelinev2.backtest.metrics.Metric;
import io.pipelinev2.backtest.overfit.LogitBin;
import io.pipelinev2.backtest.overfit.OverfitFigure;
import io.pipelinev2.backtest.overfit.OverfitPanel;
import io.pipelinev2.backtest.overfit.SplitPoint;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** How much of the result is luck: this trial among all that were tried. */
final class OverfitSection implements Section {

    private static final Set<OverfitFigure> SHARES = Set.of(
            OverfitFigure.PSR,
            OverfitFigure.DSR_RAW,
            OverfitFigure.DSR_EFFECTIVE,
            OverfitFigure.PBO,
            OverfitFigure.PROB_OOS_LOSS);
    private static final Set<OverfitFigure> COUNTS = Set.of(
            OverfitFigure.STEPS,
            OverfitFigure.RANK,
            OverfitFigure.N_COMPLETE,
            OverfitFigure.N_COMPARED,
            OverfitFigure.N_RAW,
            OverfitFigure.MIN_TRL_STEPS,
            OverfitFigure.PBO_SPLITS);

    private final @Nullable OverfitPanel panel;
    private final double year;

    OverfitSection(@Nullable OverfitPanel panel, double periodsPerYear) {
        this.panel = panel;
        this.year = Math.sqrt(periodsPerYear);
    }

    @Override
    public String key() {
        return "overfitting";
    }

    @Override
    public void write(Html page) {
        page.open("section", "id", key()).element("h2", "How much of it may be luck");
        if (panel == null) {
            page.element(
                            "p",
                            "Overfitting was not measured for this report: that needs the returns of the study's other trials"
                                    + " on the same data.",
                            "class",
                            "none")
                    .close("section");
            return;
        }
        page.element("p", lead(panel), "class", "honest");
        writeSharpes(page, panel);
        page.open("div", "class", "pair");
        writeLogits(page, panel);
        writeSplits(page, panel);
        page.close("div");
        writeFigures(page, panel);
        page.close("section");
    }

    private static String lead(OverfitPanel panel) {
        Double deflated = panel.get(OverfitFigure.DSR_EFFECTIVE).value();
        Double tries = panel.get(OverfitFigure.N_RAW).value();
        Double pbo = panel.get(OverfitFigure.PBO).value();
        String words = deflated == null
                ? "The deflated Sharpe ratio is undefined: "
                        + panel.get(OverfitFigure.DSR_EFFECTIVE).remark() + "."
                : "The probability that the true Sharpe ratio is above that of luck is " + Numbers.percent(deflated)
                        + (tries == null ? "" : ", after " + Numbers.whole(tries) + " tries")
                        + "; 95\u00a0% is the usual demand.";
        return words
                + (pbo == null
                        ? ""
                        : " In " + Numbers.percent(pbo)
                                + " of the ways to halve the time, the best trial of one half was below the median in the other.");
    }

    private void writeSharpes(Html page, OverfitPanel panel) {
        page.element("h3", "Sharpe ratios of all compared trials");
        int n = panel.sharpes().size();
        if (n == 0) {
            page.element("p", "No trial has a Sharpe ratio.", "class", "none");
            return;
        }
        double[] annual =
                panel.sharpes().stream().mapToDouble(sharpe -> sharpe * year).toArray();
        Double luckPerStep = panel.get(OverfitFigure.SR0_EFFECTIVE).value();
        double luck = luckPerStep == null ? 0 : luckPerStep * year;
        double low = Math.min(0, Arrays.stream(annual).min().orElse(0));
        double high = Math.max(luck, Math.max(0, Arrays.stream(annual).max().orElse(0)));
        Integer position = panel.position();
        Legend legend = Legend.begin(page).dot("others", "a trial");
        if (position != null) {
            legend.dot("self", "this trial");
        }
        if (luckPerStep != null) {
            legend.line("mark", "expected of the best without skill (effective trials)");
        }
        legend.end();
        Chart chart = Chart.begin(
                page,
                "sharpes",
                "Sharpe ratios of the compared trials, best first",
                n + " trials"
                        + (position == null
                                ? "; this one is not among them."
                                : "; this one has " + Numbers.decimals(annual[position], 2) + "."),
                Chart.WIDE,
                220);
        double margin = (high - low) * 0.07;
        double from = low - margin;
        double to = high + margin;
        int decimals = Ticks.decimals(from, to, 5);
        chart.x(0, n + 1.0)
                .y(from, to)
                .axes(
                        Ticks.labelled(
                                Ticks.whole(0, n + 1.0, 8).stream()
                                        .filter(tick -> tick >= 1 && tick <= n)
                                        .toList(),
                                Numbers::whole),
                        "rank by Sharpe, 1 is the best" + (n < compared(panel) ? " (thinned out)" : ""),
                        Ticks.labelled(Ticks.linear(from, to, 5), value -> Numbers.decimals(value, decimals)))
                .level("zero", 0);
        if (luckPerStep != null) {
            chart.level("mark", luck);
        }
        for (int i = 0; i < n; i++) {
            chart.point("others", i + 1.0, annual[i], n > 150 ? 2 : 3.5);
        }
        if (position != null) {
            chart.point("self", position + 1.0, annual[position], 6);
            // The best stand on the left: above on the right and below on the left there are no other dots.
            boolean right = position < 0.75 * n;
            chart.write(
                    "this trial: " + Numbers.decimals(annual[position], 2),
                    chart.x().at(position + 1.0) + (right ? 10 : -10),
                    chart.y().at(annual[position]) + (right ? -10 : 18),
                    right ? "start" : "end");
        }
        chart.end();
    }

    private static double compared(OverfitPanel panel) {
        Double compared = panel.get(OverfitFigure.N_COMPARED).value();
        return compared == null ? 0 : compared;
    }

    private static void writeLogits(Html page, OverfitPanel panel) {
        page.open("div").element("h3", "Rank of the chosen in the other half (logits)");
        List<LogitBin> bins = panel.logits();
        if (bins.isEmpty()) {
            page.element("p", reason(panel), "class", "none").close("div");
            return;
        }
        long all = bins.stream().mapToLong(LogitBin::count).sum();
        double high = bins.stream().mapToDouble(LogitBin::count).max().orElse(1) / Math.max(1, all);
        double from = bins.get(0).above();
        double to = bins.get(bins.size() - 1).upTo();
        Legend.begin(page)
                .surface("overfit", "overfit: below the median")
                .surface("bars", "above")
                .end();
        Chart chart = Chart.begin(
                page,
                "logits",
                "Histogram of the logits",
                "Share of splits at or below 0: " + shown(panel.get(OverfitFigure.PBO)) + ".",
                Chart.HALF,
                240);
        int decimals = Math.max(0, Ticks.decimals(0, high, 4) - 2);
        chart.x(from, to)
                .y(0, high * 1.08)
                .axes(
                        Ticks.labelled(
                                Ticks.linear(from, to, 6),
                                value -> Numbers.decimals(value, Ticks.decimals(from, to, 6))),
                        "logit of the rank",
                        Ticks.labelled(
                                Ticks.linear(0, high * 1.08, 4),
                                value -> Numbers.decimals(value * 100, decimals) + "\u00a0%"));
        for (LogitBin bin : bins) {
            chart.bar(
                    bin.upTo() <= 0 ? "overfit" : "bars",
                    bin.above(),
                    bin.upTo(),
                    (double) bin.count() / Math.max(1, all),
                    Numbers.decimals(bin.above(), 2) + " to " + Numbers.decimals(bin.upTo(), 2) + ": "
                            + Numbers.whole(bin.count()) + " splits");
        }
        chart.place("zero", 0).end();
        page.close("div");
    }

    private void writeSplits(Html page, OverfitPanel panel) {
        page.open("div").element("h3", "Sharpe of the chosen in both halves");
        List<SplitPoint> splits = panel.splits();
        if (splits.isEmpty()) {
            page.element("p", reason(panel), "class", "none").close("div");
            return;
        }
        double[] in = splits.stream().mapToDouble(p -> p.inSample() * year).toArray();
        double[] out = splits.stream().mapToDouble(p -> p.outOfSample() * year).toArray();
        double left = Arrays.stream(in).min().orElse(0);
        double right = Arrays.stream(in).max().orElse(0);
        double low = Math.min(0, Arrays.stream(out).min().orElse(0));
        double high = Math.max(0, Arrays.stream(out).max().orElse(0));
        Double slope = panel.get(OverfitFigure.SLOPE).value();
        Double intercept = panel.get(OverfitFigure.INTERCEPT).value();
        Legend legend = Legend.begin(page).dot("others", "one way to halve the time");
        if (slope != null && intercept != null) {
            legend.line("mark", "line of best fit");
        }
        legend.end();
        Chart chart = Chart.begin(
                page,
                "splits",
                "Sharpe per year where the best was chosen, and in the other half",
                splits.size() + " ways to halve the time; slope " + shown(panel.get(OverfitFigure.SLOPE)) + ".",
                Chart.HALF,
                240);
        double marginX = Math.max(right - left, Math.abs(right) * 0.1) * 0.06;
        double marginY = (high - low) * 0.06;
        chart.x(left - marginX, right + marginX).y(low - marginY, high + marginY);
        Scale x = chart.x();
        Scale y = chart.y();
        chart.axes(
                        Ticks.labelled(
                                Ticks.linear(x.from(), x.to(), 6),
                                value -> Numbers.decimals(value, Ticks.decimals(x.from(), x.to(), 6))),
                        "chosen half (right) against the other half (up), per year",
                        Ticks.labelled(
                                Ticks.linear(y.from(), y.to(), 5),
                                value -> Numbers.decimals(value, Ticks.decimals(y.from(), y.to(), 5))))
                .level("zero", 0);
        for (int i = 0; i < in.length; i++) {
            chart.point("others", in[i], out[i], 2.5);
        }
        if (slope != null && intercept != null) {
            chart.segment("mark", left, intercept * year + slope * left, right, intercept * year + slope * right);
        }
        chart.end();
        page.close("div");
    }

    private static String reason(OverfitPanel panel) {
        String remark = panel.get(OverfitFigure.PBO).remark();
        return "Not measured: " + (remark == null ? "there are no splits" : remark) + ".";
    }

    private static void writeFigures(Html page, OverfitPanel panel) {
        Table table = Table.begin(page, "Figures of overfitting", "Figure", "Value", "What it says");
        panel.figures().forEach((figure, metric) -> {
            Double value = metric.value();
            String remark = metric.remark();
            table.row().head(figure.title(), figure.meaning());
            table.number(
                    value == null ? "undefined" : show(figure, value),
                    value == null ? String.valueOf(remark) : Numbers.exact(value));
            table.cell(figure.meaning() + (remark == null ? "." : ". Here: " + remark + "."), "definition")
                    .end();
        });
        table.end();
        page.element("p", "Effective trials: " + panel.effectiveMethod() + ".", "class", "remark");
    }

    private static String show(OverfitFigure figure, double value) {
        Quantity quantity =
                SHARES.contains(figure) ? Quantity.SHARE : COUNTS.contains(figure) ? Quantity.COUNT : Quantity.PRECISE;
        return quantity.show(value);
    }

    private static String shown(Metric metric) {
        Double value = metric.value();
        return value == null ? "undefined" : Numbers.significant(value);
    }

    @Override
    public Map<String, @Nullable Object> toMap() {
        return panel == null ? Map.of() : panel.toMap();
    }
}
