package io.pipelinev2.backtest.report;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How far the equity was below its peak so far, and the five deepest drawdowns. */
final class UnderwaterSection implements Section {

    private static final int SHOWN = 5;

    private final RunSeries run;
    private final List<Drawdown> worst;

    UnderwaterSection(RunSeries run) {
        this.run = run;
        this.worst = Drawdown.worst(run.drawdowns(), SHOWN);
    }

    @Override
    public String key() {
        return "underwater";
    }

    @Override
    public void write(Html page) {
        page.open("section", "id", key()).element("h2", "Drawdowns");
        if (worst.isEmpty()) {
            page.element("p", "The equity was never below its peak.", "class", "none")
                    .close("section");
            return;
        }
        Drawdown deepest = worst.get(0);
        Legend legend = Legend.begin(page).surface("under", "this model");
        if (run.hasBenchmark()) {
            legend.line("held", run.market());
        }
        legend.end();
        Chart chart = Chart.begin(
                page,
                key(),
                "Drawdown from the peak so far",
                "The deepest drawdown was " + Numbers.percent(deepest.depth()) + ", from "
                        + run.timeline().name(deepest.peak()) + " to "
                        + run.timeline().name(deepest.trough()) + ".",
                Chart.WIDE,
                220);
        double[] own = negative(run.drawdowns());
        double[] held = negative(run.benchmarkDrawdowns());
        double low = Math.min(
                Arrays.stream(own).min().orElse(0), Arrays.stream(held).min().orElse(0));
        double[] places = run.timeline().at(0, own.length);
        int decimals = Math.max(0, Ticks.decimals(low, 0, 5) - 2);
        chart.x(0, run.timeline().at(run.steps()))
                .y(low * 1.08, 0)
                .axes(
                        run.timeline().ticks(),
                        run.timeline().caption(),
                        Ticks.labelled(
                                Ticks.linear(low * 1.08, 0, 5),
                                value -> Numbers.decimals(value * 100, decimals) + "\u00a0%"))
                .area("under", places, own, 0)
                .curve("own", places, own);
        if (run.hasBenchmark()) {
            chart.curve("held", places, held);
        }
        chart.segment(
                        "pointer",
                        run.timeline().at(deepest.trough()),
                        0,
                        run.timeline().at(deepest.trough()),
                        -deepest.depth())
                .point("mark", run.timeline().at(deepest.trough()), -deepest.depth(), 4)
                .label(run.timeline().at(deepest.trough()), 0, "deepest: " + Numbers.change(-deepest.depth()))
                .end();
        table(page);
        page.close("section");
    }

    private void table(Html page) {
        Table table = Table.begin(page, "The deepest drawdowns", "Depth", "Peak", "Lowest", "Recovered", "Steps below");
        for (Drawdown drawdown : worst) {
            Integer recovered = drawdown.recovered();
            table.row()
                    .number(Numbers.change(-drawdown.depth()), Numbers.exact(drawdown.depth()))
                    .cell(run.timeline().name(drawdown.peak()))
                    .cell(run.timeline().name(drawdown.trough()))
                    .cell(recovered == null ? "not by the end" : run.timeline().name(recovered))
                    .number(Numbers.whole((recovered == null ? run.steps() : recovered - 1) - drawdown.peak()), "")
                    .end();
        }
        table.end();
    }

    @Override
    public Map<String, @Nullable Object> toMap() {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        map.put("model", RunSeries.list(run.drawdowns()));
        map.put("benchmark", RunSeries.list(run.benchmarkDrawdowns()));
        map.put("worst", worst.stream().map(Drawdown::toMap).toList());
        return map;
    }

    private static double[] negative(double[] values) {
        return Arrays.stream(values).map(value -> 0 - value).toArray();
    }
}
