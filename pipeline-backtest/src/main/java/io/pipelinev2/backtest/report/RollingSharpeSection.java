package io.pipelinev2.backtest.report;

import io.pipelinev2.backtest.report.RollingSharpe.Point;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The rolling Sharpe ratio with a band of its standard error. */
final class RollingSharpeSection implements Section {

    private static final double SIDES_OF_95 = 1.959963984540054;

    private final RunSeries run;
    private final RollingSharpe rolling;

    RollingSharpeSection(RunSeries run) {
        this.run = run;
        this.rolling = RollingSharpe.of(run);
    }

    @Override
    public String key() {
        return "rolling_sharpe";
    }

    @Override
    public void write(Html page) {
        page.open("section", "id", key()).element("h2", "Sharpe ratio of the last " + RollingSharpe.DAYS + " days");
        List<List<Point>> stretches = rolling.stretches();
        if (stretches.isEmpty()) {
            page.element("p", whyEmpty(), "class", "none").close("section");
            return;
        }
        double low = 0;
        double high = 0;
        for (List<Point> stretch : stretches) {
            for (Point point : stretch) {
                low = Math.min(low, edge(point, -SIDES_OF_95));
                high = Math.max(high, edge(point, SIDES_OF_95));
            }
        }
        Legend.begin(page)
                .line("own", "Sharpe per year")
                .surface("band", "95 % of its standard error")
                .end();
        List<Point> last = stretches.get(stretches.size() - 1);
        Chart chart = Chart.begin(
                page,
                key(),
                "Rolling Sharpe ratio with its error",
                "At the end it is "
                        + Numbers.decimals(edge(last.get(last.size() - 1), 0), 2) + " per year, give or take "
                        + Numbers.decimals(
                                Objects.requireNonNull(last.get(last.size() - 1).error()), 2) + ".",
                Chart.WIDE,
                240);
        double margin = (high - low) * 0.04;
        double from = low - margin;
        double to = high + margin;
        int decimals = Ticks.decimals(from, to, 6);
        chart.x(0, run.timeline().at(run.steps()))
                .y(from, to)
                .axes(
                        run.timeline().ticks(),
                        run.timeline().caption(),
                        Ticks.labelled(Ticks.linear(from, to, 6), value -> Numbers.decimals(value, decimals)));
        for (List<Point> stretch : stretches) {
            double[] places = stretch.stream()
                    .mapToDouble(point -> run.timeline().at(point.end()))
                    .toArray();
            chart.band("band", places, edges(stretch, -SIDES_OF_95), edges(stretch, SIDES_OF_95))
                    .curve("own", places, edges(stretch, 0));
        }
        chart.level("zero", 0).end();
        page.element(
                        "p",
                        "Each point is the Sharpe ratio of the " + Numbers.whole(rolling.window())
                                + " steps before it, per year. The band is 1.96 standard errors to both sides; where it holds 0,"
                                + " the window cannot tell skill from none. Neighbouring points share nearly all their steps.",
                        "class",
                        "remark")
                .close("section");
    }

    private String whyEmpty() {
        if (rolling.window() < 2) {
            return "A window of " + RollingSharpe.DAYS + " days has fewer than 2 steps here.";
        }
        return run.steps() < rolling.window()
                ? "A window of " + RollingSharpe.DAYS + " days is " + Numbers.whole(rolling.window())
                        + " steps; the run has " + Numbers.whole(run.steps()) + "."
                : "No window has returns that differ.";
    }

    @Override
    public Map<String, @Nullable Object> toMap() {
        List<@Nullable Double> sharpes = new ArrayList<>();
        List<@Nullable Double> errors = new ArrayList<>();
        List<Integer> ends = new ArrayList<>();
        for (Point point : rolling.points()) {
            ends.add(point.end());
            sharpes.add(point.sharpe());
            errors.add(point.error());
        }
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        map.put("window_steps", rolling.window());
        map.put("points", ends);
        map.put("sharpe_annual", sharpes);
        map.put("standard_error_annual", errors);
        return map;
    }

    private static double[] edges(List<Point> stretch, double errors) {
        return stretch.stream().mapToDouble(point -> edge(point, errors)).toArray();
    }

    private static double edge(Point point, double errors) {
        return Objects.requireNonNull(point.sharpe()) + errors * Objects.requireNonNull(point.error());
    }
}
