package io.pipelinev2.runner.http.chart;

import io.pipelinev2.runner.http.html.Element;
import io.pipelinev2.runner.http.html.Figures;
import io.pipelinev2.runner.http.html.Node;
import io.pipelinev2.runner.http.html.Text;
import io.pipelinev2.runner.http.reading.Curve;
import java.util.List;
import java.util.Locale;

/** A row of figures as a line without axes. Whoever does not see it has the figures beside it. */
public final class Sparkline {

    private static final double WIDTH = 96;
    private static final double HEIGHT = 24;
    private static final double EDGE = 2;

    private Sparkline() {}

    /** @param base what is drawn as a level line: above it is a gain */
    public static Node of(List<Curve.Point> points, double base) {
        if (points.size() < 2) {
            return new Text(Figures.NONE);
        }
        double least = base;
        double most = base;
        for (Curve.Point point : points) {
            least = Math.min(least, point.value());
            most = Math.max(most, point.value());
        }
        long first = points.get(0).step();
        long last = points.get(points.size() - 1).step();
        StringBuilder line = new StringBuilder();
        for (Curve.Point point : points) {
            double x = EDGE + (WIDTH - 2 * EDGE) * (point.step() - first) / Math.max(1, last - first);
            line.append(String.format(Locale.ROOT, "%.1f,%.1f ", x, height(point.value(), least, most)));
        }
        String level = String.format(Locale.ROOT, "%.1f", height(base, least, most));
        return Element.of(
                        "svg",
                        Element.of("line")
                                .style("grid")
                                .attribute("x1", "0")
                                .attribute("x2", Double.toString(WIDTH))
                                .attribute("y1", level)
                                .attribute("y2", level),
                        Element.of("polyline")
                                .style("curve")
                                .attribute("points", line.toString().strip()))
                .style("spark")
                .attribute("viewBox", "0 0 96 24")
                .attribute("width", "96")
                .attribute("height", "24")
                .attribute("aria-hidden", "true");
    }

    private static double height(double value, double least, double most) {
        double share = most > least ? (value - least) / (most - least) : 0.5;
        return HEIGHT - EDGE - (HEIGHT - 2 * EDGE) * share;
    }
}
