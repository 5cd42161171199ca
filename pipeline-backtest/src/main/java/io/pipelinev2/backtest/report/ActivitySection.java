package io.pipelinev2.backtest.report;

import io.pipelinev2.backtest.BacktestResult;
import io.pipelinev2.backtest.RunCurves;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** What was done with the capital: weights of the assets, cash, turnover, fees and trades. */
final class ActivitySection implements Section {

    private static final int COLUMNS = 240;
    private static final int MOST_ASSETS = 7;
    private static final int MOST_BARS = 240;

    private final RunSeries run;
    private final BacktestResult result;
    private final RunCurves curves;
    private final double[] equity;
    private final double[] cash;
    private final double[] traded;
    private final double[] fees;
    private final int steps;

    ActivitySection(RunSeries run, BacktestResult result) {
        this.run = run;
        this.result = result;
        this.curves = result.curves();
        this.equity = run.equity();
        this.cash = result.cash();
        this.traded = curves.traded();
        this.fees = curves.fees();
        this.steps = run.solventPoints() - 1;
    }

    @Override
    public String key() {
        return "activity";
    }

    @Override
    public void write(Html page) {
        page.open("section", "id", key()).element("h2", "Weights, cash and turnover");
        if (steps < 1) {
            page.element("p", "There are no steps with equity.", "class", "none")
                    .close("section");
            return;
        }
        writeWeights(page);
        writeTurnover(page);
        writeTable(page);
        page.close("section");
    }

    private void writeWeights(Html page) {
        List<Integer> order = IntStream.range(0, curves.assets().size())
                .boxed()
                .sorted(Comparator.comparingDouble((Integer asset) -> meanWeight(asset))
                        .reversed())
                .toList();
        int shown = Math.min(order.size(), MOST_ASSETS);
        page.element("h3", "Where the equity was");
        Legend legend = Legend.begin(page);
        for (int i = 0; i < shown; i++) {
            legend.surface("asset" + i, curves.assets().get(order.get(i)));
        }
        if (shown < order.size()) {
            legend.surface("rest", (order.size() - shown) + " other assets");
        }
        legend.surface("cash", "cash").end();
        int columns = Math.min(steps, COLUMNS);
        Chart chart = Chart.begin(
                page,
                "weights",
                "Weights of the assets and cash, stacked",
                "On average " + Numbers.percent(meanCash()) + " of the equity was cash.",
                Chart.WIDE,
                230);
        chart.x(0, run.timeline().at(run.steps()))
                .y(0, 1)
                .axes(
                        run.timeline().ticks(),
                        run.timeline().caption(),
                        Ticks.labelled(
                                List.of(0.0, 0.25, 0.5, 0.75, 1.0),
                                value -> Numbers.decimals(value * 100, 0) + "\u00a0%"));
        double[] places = new double[2 * columns];
        for (int column = 0; column < columns; column++) {
            places[2 * column] = run.timeline().at(firstOf(column, columns));
            places[2 * column + 1] = run.timeline().at(firstOf(column + 1, columns));
        }
        double[] top = new double[2 * columns];
        for (int i = 0; i <= shown; i++) {
            double[] bottom = top.clone();
            List<Integer> assets = i < shown ? List.of(order.get(i)) : order.subList(shown, order.size());
            if (assets.isEmpty()) {
                continue;
            }
            for (int column = 0; column < columns; column++) {
                double weight = 0;
                for (int asset : assets) {
                    weight += meanWeight(asset, firstOf(column, columns), firstOf(column + 1, columns));
                }
                top[2 * column] += weight;
                top[2 * column + 1] += weight;
            }
            chart.band(i < shown ? "asset" + i : "rest", places, bottom, top);
        }
        double[] full = new double[2 * columns];
        Arrays.fill(full, 1);
        chart.band("cash", places, top, full).end();
        page.element(
                "p",
                "Largest holding at the bottom, cash on top, in the order of the list."
                        + (columns < steps
                                ? " Each of the " + columns + " columns is the average of about "
                                        + Numbers.whole((double) steps / columns) + " steps."
                                : ""),
                "class",
                "remark");
    }

    private void writeTurnover(Html page) {
        int size = Math.max(run.stepsIn(1), (steps - 1) / MOST_BARS + 1);
        int bars = (steps - 1) / size + 1;
        double[] sums = new double[bars];
        for (int step = 0; step < steps; step++) {
            sums[step / size] += traded[step] / equity[step + 1];
        }
        double high = Arrays.stream(sums).max().orElse(0);
        page.element("h3", "Turnover");
        if (high == 0) {
            page.element("p", "Nothing was bought or sold.", "class", "none");
            return;
        }
        String each = size == run.stepsIn(1) && Math.abs(size * 365 / run.periodsPerYear() - 1) < 0.01
                ? "day"
                : size == 1 ? "step" : Numbers.whole(size) + " steps";
        Chart chart = Chart.begin(
                page,
                "turnover",
                "Turnover by " + each,
                "At most " + Numbers.percent(high) + " of the equity was bought and sold in one.",
                Chart.WIDE,
                170);
        int decimals = Math.max(0, Ticks.decimals(0, high, 4) - 2);
        chart.x(0, run.timeline().at(run.steps()))
                .y(0, high * 1.05)
                .axes(
                        run.timeline().ticks(),
                        run.timeline().caption(),
                        Ticks.labelled(
                                Ticks.linear(0, high * 1.05, 4),
                                value -> Numbers.decimals(value * 100, decimals) + "\u00a0%"));
        for (int bar = 0; bar < bars; bar++) {
            int to = Math.min(steps, (bar + 1) * size);
            chart.bar(
                    "bars",
                    run.timeline().at(bar * size),
                    run.timeline().at(to),
                    sums[bar],
                    "to " + run.timeline().name(to) + ": " + Numbers.percent(sums[bar]));
        }
        chart.end();
        page.element(
                "p",
                "Value bought and sold, both sides added, as a share of the equity, each bar one " + each + ".",
                "class",
                "remark");
    }

    private void writeTable(Html page) {
        Table table = Table.begin(page, "Average over the run", "Asset", "Weight on average", "Weight at the end");
        for (int asset = 0; asset < curves.assets().size(); asset++) {
            double mean = meanWeight(asset);
            double last = weight(steps - 1, asset);
            table.row()
                    .head(curves.assets().get(asset), "")
                    .number(Numbers.percent(mean), Numbers.exact(mean))
                    .number(Numbers.percent(last), Numbers.exact(last))
                    .end();
        }
        double cashAtEnd = cash[steps] / equity[steps];
        table.row()
                .head("cash", "")
                .number(Numbers.percent(meanCash()), Numbers.exact(meanCash()))
                .number(Numbers.percent(cashAtEnd), Numbers.exact(cashAtEnd))
                .end();
        table.end();
        double paid = Arrays.stream(fees, 0, steps).sum();
        page.element(
                "p",
                Numbers.whole(result.trades().total()) + " trades: "
                        + Numbers.whole(result.trades().buys()) + " buys, "
                        + Numbers.whole(result.trades().sells()) + " sales, "
                        + Numbers.whole(result.trades().forcedSales()) + " forced sales, "
                        + Numbers.whole(result.trades().stopSales()) + " stop sales. Fees paid: "
                        + Quantity.MONEY.show(paid) + ", " + Numbers.percent(paid / equity[0])
                        + " of the initial capital.",
                "class",
                "remark");
    }

    @Override
    public Map<String, @Nullable Object> toMap() {
        Map<String, Object> weights = new LinkedHashMap<>();
        List<List<Double>> byAsset = new ArrayList<>();
        for (int asset = 0; asset < curves.assets().size(); asset++) {
            List<Double> list = new ArrayList<>(steps);
            for (int step = 0; step < steps; step++) {
                list.add(weight(step, asset));
            }
            byAsset.add(list);
        }
        weights.put("assets", curves.assets());
        weights.put("weights", byAsset);
        List<Double> cashShares = new ArrayList<>();
        List<Double> turnover = new ArrayList<>();
        List<Double> paid = new ArrayList<>();
        for (int step = 0; step < steps; step++) {
            cashShares.add(cash[step + 1] / equity[step + 1]);
            turnover.add(traded[step] / equity[step + 1]);
            paid.add(fees[step]);
        }
        Map<String, @Nullable Object> map = new LinkedHashMap<>(weights);
        map.put("cash", cashShares);
        map.put("turnover", turnover);
        map.put("fees", paid);
        map.put("trades", result.trades().toMap());
        return map;
    }

    private int firstOf(int column, int columns) {
        return (int) ((long) steps * column / columns);
    }

    private double weight(int step, int asset) {
        return curves.holding(step, asset) / equity[step + 1];
    }

    private double meanWeight(int asset) {
        return meanWeight(asset, 0, steps);
    }

    private double meanWeight(int asset, int from, int to) {
        double sum = 0;
        for (int step = from; step < to; step++) {
            sum += weight(step, asset);
        }
        return sum / (to - from);
    }

    private double meanCash() {
        double sum = 0;
        for (int step = 1; step <= steps; step++) {
            sum += cash[step] / equity[step];
        }
        return sum / steps;
    }
}
