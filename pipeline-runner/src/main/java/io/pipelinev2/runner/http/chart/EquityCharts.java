package io.pipelinev2.runner.http.chart;

import io.pipelinev2.core.stage.Series;
import io.pipelinev2.runner.http.html.Element;
import io.pipelinev2.runner.http.html.Figures;
import io.pipelinev2.runner.http.html.Node;
import io.pipelinev2.runner.http.html.Text;
import io.pipelinev2.runner.http.reading.Band;
import io.pipelinev2.runner.http.reading.Curve;
import io.pipelinev2.runner.http.reading.Expected;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What an account was worth and how far below its highest point that is, gathered value by value; beside it, where that is
 * known, what holding the market would have come to.
 */
public final class EquityCharts {

    /** As many as a drawing of the server's has room for. */
    public static final int POINTS = 600;

    private final Curve equity;
    private final Curve drawdown;
    private final Curve market;
    private double highest = Double.NEGATIVE_INFINITY;

    public EquityCharts(int points) {
        equity = new Curve(points);
        drawdown = new Curve(points);
        market = new Curve(points);
    }

    /**
     * Those of a backtest.
     *
     * @param benchmark how many times its beginning the market was worth, or null if that was not kept
     */
    public static EquityCharts of(int points, Series equity, @Nullable Series benchmark) {
        EquityCharts charts = new EquityCharts(points);
        double[] values = equity.values();
        double[] multiples =
                benchmark != null && benchmark.basis().equals(equity.basis()) ? benchmark.values() : new double[0];
        for (int i = 0; i < values.length; i++) {
            charts.add(i, 0, values[i]);
            if (multiples.length == values.length) {
                charts.market.add(new Curve.Point(i, 0, values[0] * multiples[i] / multiples[0]));
            }
        }
        return charts;
    }

    /** @param at its time in milliseconds, or 0 if it has none */
    public void add(long step, long at, double value) {
        highest = Math.max(highest, value);
        equity.add(new Curve.Point(step, at, value));
        drawdown.add(new Curve.Point(step, at, highest > 0 ? value / highest - 1 : 0));
    }

    public boolean isEmpty() {
        return equity.count() == 0;
    }

    /** In columns, as charts take them. */
    public Map<String, @Nullable Object> json(boolean timed) {
        Map<String, @Nullable Object> json = new LinkedHashMap<>(equity.json(timed));
        json.put("drawdown", drawdown.json(false));
        json.put("benchmark", market.count() == 0 ? null : market.json(false));
        return json;
    }

    /**
     * The drawing, the same in words, and the figures as tables.
     *
     * @param name what the equity is called
     * @param data where a script finds what it draws
     * @param expected what was expected, or null if that is not known
     * @param trades whether a script marks what was bought and sold
     */
    public Node node(String name, String data, @Nullable Expected expected, boolean trades) {
        LineChart first = new LineChart(name, value -> Figures.number(value, 2), null, expected, market);
        LineChart second = new LineChart("Drawdown", Figures::percent, 0.0, null, null);
        return Element.of(
                        "figure",
                        Element.of(
                                "figcaption",
                                legend(name, expected, trades),
                                Element.of("p", first.summary(equity)),
                                Element.of("p", second.summary(drawdown))),
                        Element.of("div", first.pane(equity), second.pane(drawdown))
                                .style("panes")
                                .attribute("data-equity", data)
                                .attribute("data-version", version(expected)),
                        first.table(equity),
                        second.table(drawdown))
                .style("equity");
    }

    /** What differs when there is something else to draw, for a script that has drawn already. */
    private String version(@Nullable Expected expected) {
        List<Curve.Point> points = equity.points();
        Curve.Point last = points.isEmpty() ? null : points.get(points.size() - 1);
        Band.Place band = expected == null ? null : expected.last();
        return Integer.toHexString(Objects.hash(equity.count(), last, highest, market.count(), band));
    }

    private Node legend(String name, @Nullable Expected expected, boolean trades) {
        Element legend = Element.of("ul", key("curve", name)).style("legend");
        if (market.count() > 0) {
            legend.add(key("market", "Holding the market"));
        }
        if (expected != null && expected.band() != null) {
            legend.add(key("band", "Expected by its backtest"));
        }
        if (trades) {
            legend.add(
                    key("bought", "Bought").style("scripted"),
                    key("sold", "Sold").style("scripted"));
        }
        return legend.add(key("drawdown", "Drawdown"));
    }

    private static Element key(String style, String words) {
        String shape = switch (style) {
            case "band" -> "M0 1h22v10h-22Z";
            case "bought" -> "M11 2l5 8h-10Z";
            case "sold" -> "M11 10l5 -8h-10Z";
            default -> "M0 6h22";
        };
        return Element.of(
                "li",
                Element.of("svg", Element.of("path").style(style).attribute("d", shape))
                        .style("sample")
                        .attribute("viewBox", "0 0 22 12")
                        .attribute("aria-hidden", "true"),
                new Text(words));
    }

    /** Those of this name, or null. */
    public static @Nullable Series named(List<Series> series, String name) {
        return series.stream()
                .filter(each -> each.name().equals(name))
                .findFirst()
                .orElse(null);
    }
}
