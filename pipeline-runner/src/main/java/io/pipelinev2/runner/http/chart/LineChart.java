package io.pipelinev2.runner.http.chart;

import io.pipelinev2.runner.http.html.Element;
import io.pipelinev2.runner.http.html.Figures;
import io.pipelinev2.runner.http.html.Node;
import io.pipelinev2.runner.http.html.Table;
import io.pipelinev2.runner.http.html.Text;
import io.pipelinev2.runner.http.html.Times;
import io.pipelinev2.runner.http.reading.Band;
import io.pipelinev2.runner.http.reading.Curve;
import io.pipelinev2.runner.http.reading.Expected;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.DoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * A curve, drawn on the server, with the same in words and as a table for those who want figures.
 *
 * @param name what it is; unique within its page
 * @param unit how its values are written
 * @param ground the value down or up to which the area under the curve is filled, or null for none
 * @param expected where the values were expected to be, or null
 * @param beside another curve of the same kind, or null
 */
record LineChart(
        String name,
        DoubleFunction<String> unit,
        @Nullable Double ground,
        @Nullable Expected expected,
        @Nullable Curve beside) {

    private static final double WIDTH = 720;
    private static final double HEIGHT = 220;
    private static final double LEFT = 74;
    private static final double RIGHT = 12;
    private static final double TOP = 12;
    private static final double BOTTOM = 30;
    private static final int ROWS = 40;
    private static final int TICKS = 4;

    /** What a curve comes to, in words. */
    String summary(Curve curve) {
        List<Curve.Point> points = curve.points();
        String last = points.isEmpty()
                ? Figures.NONE
                : unit.apply(points.get(points.size() - 1).value());
        return "%s over %s bars: lowest %s, highest %s, last %s.%s"
                .formatted(
                        name,
                        Figures.count(curve.count()),
                        unit.apply(least(points)),
                        unit.apply(most(points)),
                        last,
                        expectation());
    }

    private String expectation() {
        Band.Place last = expected == null ? null : expected.last();
        return last == null
                ? ""
                : " Expected by its backtest at bar %d: %s to %s%s."
                        .formatted(
                                last.step(),
                                unit.apply(last.low()),
                                unit.apply(last.high()),
                                mark() == null ? "" : " (the upright mark)");
    }

    /** Where only one place is known there is no band to draw. */
    private Band.@Nullable Place mark() {
        return expected == null || expected.band() != null ? null : expected.last();
    }

    private static double least(List<Curve.Point> points) {
        return points.stream().mapToDouble(Curve.Point::value).min().orElse(0);
    }

    private static double most(List<Curve.Point> points) {
        return points.stream().mapToDouble(Curve.Point::value).max().orElse(0);
    }

    /** The curve, drawn. */
    Node pane(Curve curve) {
        List<Curve.Point> points = curve.points();
        double least = least(points);
        double most = most(points);
        if (beside != null && beside.count() > 0) {
            least = Math.min(least, least(beside.points()));
            most = Math.max(most, most(beside.points()));
        }
        for (Band.Place place : expectedPlaces()) {
            least = Math.min(least, place.low());
            most = Math.max(most, place.high());
        }
        if (ground != null) {
            least = Math.min(least, ground);
            most = Math.max(most, ground);
        }
        double pad = most > least ? 0 : Math.max(1, Math.abs(most)) * 0.01;
        return Element.of("div", drawing(points, least - pad, most + pad, summary(curve)))
                .style("scroll pane")
                .attribute("role", "region")
                .attribute("aria-label", name)
                .attribute("tabindex", "0");
    }

    private List<Band.Place> expectedPlaces() {
        if (expected == null) {
            return List.of();
        }
        List<Band.Place> places = new ArrayList<>(
                expected.band() == null ? List.of() : expected.band().places());
        if (expected.last() != null) {
            places.add(expected.last());
        }
        return places;
    }

    private Node drawing(List<Curve.Point> points, double least, double most, String summary) {
        long from = points.isEmpty() ? 0 : points.get(0).step();
        long to = points.isEmpty()
                ? 1
                : Math.max(from + 1, points.get(points.size() - 1).step());
        for (Band.Place place : expectedPlaces()) {
            from = Math.min(from, place.step());
            to = Math.max(to, place.step());
        }
        Element svg = Element.of("svg")
                .style("chart")
                .attribute("viewBox", "0 0 " + pixels(WIDTH) + " " + pixels(HEIGHT))
                .attribute("role", "img")
                .attribute("aria-label", summary);
        for (int i = 0; i <= TICKS; i++) {
            double value = least + (most - least) * i / TICKS;
            double y = y(value, least, most);
            svg.add(line("grid", LEFT, y, WIDTH - RIGHT, y));
            svg.add(text(unit.apply(value), LEFT - 8, y + 4, "end"));
        }
        svg.add(text("bar " + from, LEFT, HEIGHT - 8, "start"));
        svg.add(text("bar " + to, WIDTH - RIGHT, HEIGHT - 8, "end"));
        if (points.isEmpty()) {
            return svg;
        }
        Band band = expected == null ? null : expected.band();
        if (band != null) {
            svg.add(band(band, from, to, least, most));
        }
        if (beside != null && beside.count() > 0) {
            svg.add(Element.of("path").style("market").attribute("d", path(beside.points(), from, to, least, most)));
        }
        String path = path(points, from, to, least, most);
        if (ground != null) {
            String level = pixels(y(ground, least, most));
            svg.add(Element.of("path")
                    .style("area")
                    .attribute(
                            "d",
                            path + "L" + pixels(x(points.get(points.size() - 1).step(), from, to)) + " " + level + "L"
                                    + pixels(x(from, from, to)) + " " + level + "Z"));
        }
        Band.Place mark = mark();
        if (mark != null) {
            double x = x(mark.step(), from, to);
            double low = y(mark.low(), least, most);
            double high = y(mark.high(), least, most);
            svg.add(
                    line("range", x, low, x, high),
                    line("range", x - 7, low, x + 7, low),
                    line("range", x - 7, high, x + 7, high));
        }
        return svg.add(
                Element.of("path").style(ground == null ? "curve" : "drawdown").attribute("d", path));
    }

    private static String path(List<Curve.Point> points, long from, long to, double least, double most) {
        StringBuilder path = new StringBuilder();
        for (Curve.Point point : points) {
            append(path, x(point.step(), from, to), y(point.value(), least, most));
        }
        return path.toString();
    }

    private static Node band(Band band, long from, long to, double least, double most) {
        StringBuilder path = new StringBuilder();
        List<Band.Place> places = band.places();
        places.forEach(place -> append(path, x(place.step(), from, to), y(place.low(), least, most)));
        for (int i = places.size() - 1; i >= 0; i--) {
            append(path, x(places.get(i).step(), from, to), y(places.get(i).high(), least, most));
        }
        return Element.of("path").style("band").attribute("d", path + "Z");
    }

    private static void append(StringBuilder path, double x, double y) {
        path.append(path.isEmpty() ? 'M' : 'L').append(pixels(x)).append(' ').append(pixels(y));
    }

    /** Its figures, folded away. */
    Node table(Curve curve) {
        Curve few = new Curve(ROWS);
        curve.points().forEach(few::add);
        List<Curve.Point> points = few.points();
        boolean timed = points.stream().anyMatch(point -> point.at() > 0);
        Table table = new Table(name).figures("Bar");
        if (timed) {
            table.words("When");
        }
        table.figures(name);
        for (Curve.Point point : points) {
            Node step = new Text(Long.toString(point.step()));
            Node value = new Text(unit.apply(point.value()));
            table.row(
                    "",
                    timed ? List.of(step, Times.full(Instant.ofEpochMilli(point.at())), value) : List.of(step, value));
        }
        return Element.of("details", Element.of("summary", "View " + name + " as a table"), table.node());
    }

    private static double x(long step, long from, long to) {
        return LEFT + (WIDTH - RIGHT - LEFT) * (step - from) / (double) (to - from);
    }

    private static double y(double value, double least, double most) {
        return TOP + (HEIGHT - BOTTOM - TOP) * (most - value) / (most - least);
    }

    private static Node line(String style, double x1, double y1, double x2, double y2) {
        return Element.of("line")
                .style(style)
                .attribute("x1", pixels(x1))
                .attribute("y1", pixels(y1))
                .attribute("x2", pixels(x2))
                .attribute("y2", pixels(y2));
    }

    private static Node text(String words, double x, double y, String anchor) {
        return Element.of("text", words)
                .attribute("x", pixels(x))
                .attribute("y", pixels(y))
                .attribute("text-anchor", anchor);
    }

    private static String pixels(double value) {
        return String.format(Locale.ROOT, "%.1f", value);
    }
}
