package io.pipelinev2.backtest.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How the returns of single steps are distributed, beside the normal distribution of the same mean and deviation. */
final class DistributionSection implements Section {

    private static final int NORMAL_POINTS = 121;

    private final RunSeries run;
    private final Histogram histogram;

    DistributionSection(RunSeries run) {
        this.run = run;
        this.histogram = Histogram.of(run.returns());
    }

    @Override
    public String key() {
        return "distribution";
    }

    @Override
    public void write(Html page) {
        page.open("section", "id", key()).element("h2", "Returns of single steps");
        int bins = histogram.counts().length;
        if (bins == 0) {
            page.element("p", "There are no two returns that differ, so there is no distribution.", "class", "none")
                    .close("section");
            return;
        }
        double from = histogram.edge(0);
        double to = histogram.edge(bins);
        double[] xs = places(from, to);
        double[] normal = Arrays.stream(xs).map(histogram::normal).toArray();
        double high = Math.max(
                Arrays.stream(histogram.counts()).max().orElse(1),
                Arrays.stream(normal).max().orElse(1));
        Legend.begin(page)
                .surface("bars", "steps")
                .line("held", "normal distribution of the same mean and deviation")
                .end();
        Chart chart = Chart.begin(
                page,
                key(),
                "Distribution of the returns per step",
                "Mean " + Numbers.change(histogram.mean()) + ", deviation " + Numbers.percent(histogram.deviation())
                        + " per step.",
                Chart.WIDE,
                240);
        int decimals = Math.max(0, Ticks.decimals(from, to, 8) - 2);
        chart.x(from, to)
                .y(0, high * 1.05)
                .axes(
                        Ticks.labelled(
                                Ticks.linear(from, to, 8),
                                value -> Numbers.decimals(value * 100, decimals) + "\u00a0%"),
                        "return of one step",
                        Ticks.labelled(Ticks.whole(0, high * 1.05, 5), Numbers::whole));
        for (int bin = 0; bin < bins; bin++) {
            chart.bar(
                    "bars",
                    histogram.edge(bin),
                    histogram.edge(bin + 1),
                    histogram.counts()[bin],
                    Numbers.change(histogram.edge(bin)) + " to " + Numbers.change(histogram.edge(bin + 1)) + ": "
                            + Numbers.whole(histogram.counts()[bin]) + " steps");
        }
        chart.curve("held", xs, normal).end();
        page.element("p", remark(), "class", "remark").close("section");
    }

    private String remark() {
        long unchanged = Arrays.stream(run.returns()).filter(r -> r == 0).count();
        int outside = histogram.below() + histogram.above();
        return Numbers.whole(run.steps()) + " steps, " + Numbers.whole(unchanged) + " of them without any change. "
                + (outside == 0
                        ? "All are within five deviations of the mean."
                        : Numbers.whole(outside)
                                + (outside == 1 ? " lies" : " lie")
                                + " more than five deviations from the mean (" + Numbers.whole(histogram.below())
                                + " below, " + Numbers.whole(histogram.above())
                                + " above) and "
                                + (outside == 1 ? "is" : "are")
                                + " not drawn; of normal returns one in 1.7 million would be.");
    }

    @Override
    public Map<String, @Nullable Object> toMap() {
        List<Double> edges = new ArrayList<>();
        List<Integer> counts = new ArrayList<>();
        for (int bin = 0; bin < histogram.counts().length; bin++) {
            edges.add(histogram.edge(bin));
            counts.add(histogram.counts()[bin]);
        }
        if (!counts.isEmpty()) {
            edges.add(histogram.edge(counts.size()));
        }
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        map.put("edges", edges);
        map.put("counts", counts);
        map.put("below", histogram.below());
        map.put("above", histogram.above());
        map.put("mean", histogram.mean());
        map.put("deviation", histogram.deviation());
        map.put("returns", RunSeries.list(run.returns()));
        return map;
    }

    private static double[] places(double from, double to) {
        double[] xs = new double[NORMAL_POINTS];
        for (int i = 0; i < xs.length; i++) {
            xs[i] = from + (to - from) * i / (xs.length - 1);
        }
        return xs;
    }
}
