package io.pipelinev2.backtest.report;

import io.pipelinev2.backtest.report.Ticks.Tick;
import java.util.List;

/**
 * One drawing: a frame with two axes, and layers on it. Colours come from the page's style sheet by class, so that one
 * drawing serves light, dark and paper.
 */
final class Chart {

    /** Width of a chart that takes the whole width of the page, in the chart's own units. */
    static final double WIDE = 920;

    /** Width of a chart beside another. */
    static final double HALF = 450;

    private static final double LEFT = 62;
    private static final double RIGHT = 14;
    private static final double TOP = 14;
    private static final double BOTTOM = 44;

    private final Html page;
    private final double width;
    private final double height;
    private Scale x = Scale.linear(0, 1, 0, 1);
    private Scale y = Scale.linear(0, 1, 0, 1);

    private Chart(Html page, double width, double height) {
        this.page = page;
        this.width = width;
        this.height = height;
    }

    /**
     * Opens the drawing.
     *
     * @param id unique on the page
     * @param title what it is
     * @param description what is to be seen, for those who cannot see it
     */
    static Chart begin(Html page, String id, String title, String description, double width, double height) {
        page.open(
                "div", "class", width > HALF ? "scroll" : "fit", "tabindex", "0", "role", "group", "aria-label", title);
        page.open(
                "svg",
                "class",
                width > HALF ? "wide" : "half",
                "viewBox",
                "0 0 " + Numbers.pixels(width) + " " + Numbers.pixels(height),
                "role",
                "img",
                "aria-labelledby",
                id + "-title " + id + "-desc");
        page.element("title", title, "id", id + "-title");
        page.element("desc", description, "id", id + "-desc");
        return new Chart(page, width, height);
    }

    void end() {
        page.close("svg").close("div");
    }

    Chart x(double from, double to) {
        x = Scale.linear(from, to, LEFT, width - RIGHT);
        return this;
    }

    Chart y(double from, double to) {
        y = Scale.linear(from, to, height - BOTTOM, TOP);
        return this;
    }

    Chart logarithmicY(double from, double to) {
        y = Scale.of(from, to, height - BOTTOM, TOP, true);
        return this;
    }

    Scale x() {
        return x;
    }

    Scale y() {
        return y;
    }

    /** Grid, marks and captions. */
    Chart axes(List<Tick> xTicks, String xCaption, List<Tick> yTicks) {
        page.open("g", "class", "axes");
        for (Tick tick : yTicks) {
            String at = Numbers.pixels(y.at(tick.at()));
            line("grid", LEFT, y.at(tick.at()), width - RIGHT, y.at(tick.at()));
            page.element(
                    "text",
                    tick.label(),
                    "class",
                    "tick",
                    "x",
                    Numbers.pixels(LEFT - 7),
                    "y",
                    at,
                    "dy",
                    "0.35em",
                    "text-anchor",
                    "end");
        }
        line("axis", LEFT, height - BOTTOM, width - RIGHT, height - BOTTOM);
        for (Tick tick : xTicks) {
            double at = x.at(tick.at());
            line("axis", at, height - BOTTOM, at, height - BOTTOM + 5);
            page.element(
                    "text",
                    tick.label(),
                    "class",
                    "tick",
                    "x",
                    Numbers.pixels(at),
                    "y",
                    Numbers.pixels(height - BOTTOM + 18),
                    "text-anchor",
                    at > width - RIGHT - 20 ? "end" : "middle");
        }
        page.element(
                "text",
                xCaption,
                "class",
                "caption",
                "x",
                Numbers.pixels((LEFT + width - RIGHT) / 2),
                "y",
                Numbers.pixels(height - 6),
                "text-anchor",
                "middle");
        page.close("g");
        return this;
    }

    /** A curve through the points that matter. */
    Chart curve(String style, double[] xs, double[] ys) {
        page.empty("path", "class", style, "d", path(xs, ys, DownSampling.indexes(xs, ys, DownSampling.LIMIT), "M"));
        return this;
    }

    /** The area between a curve and a level. */
    Chart area(String style, double[] xs, double[] ys, double level) {
        if (xs.length == 0) {
            return this;
        }
        String base = Numbers.pixels(y.at(level));
        String path = "M" + Numbers.pixels(x.at(xs[0])) + " " + base
                + path(xs, ys, DownSampling.indexes(xs, ys, DownSampling.LIMIT), "L") + "L"
                + Numbers.pixels(x.at(xs[xs.length - 1])) + " " + base + "Z";
        page.empty("path", "class", style, "d", path);
        return this;
    }

    /** The area between two curves. */
    Chart band(String style, double[] xs, double[] low, double[] high) {
        int[] down = DownSampling.indexes(xs, low, DownSampling.LIMIT);
        int[] back = new int[down.length];
        for (int i = 0; i < back.length; i++) {
            back[i] = down[back.length - 1 - i];
        }
        String path = path(xs, high, DownSampling.indexes(xs, high, DownSampling.LIMIT), "M") + path(xs, low, back, "L")
                + "Z";
        page.empty("path", "class", style, "d", path);
        return this;
    }

    /** A bar from the ground up, or down, with a text on hover. */
    Chart bar(String style, double from, double to, double value, String hover) {
        double left = x.at(from);
        double right = x.at(to);
        double top = y.at(Math.max(value, 0));
        double bottom = y.at(Math.min(value, 0));
        double gap = right - left > 3 ? 1 : 0;
        return rectangle(style, left, top, Math.max(0.3, right - left - gap), bottom - top, hover);
    }

    Chart rectangle(String style, double left, double top, double wide, double high, String hover) {
        page.open(
                "rect",
                "class",
                style,
                "x",
                Numbers.pixels(left),
                "y",
                Numbers.pixels(top),
                "width",
                Numbers.pixels(wide),
                "height",
                Numbers.pixels(high));
        page.element("title", hover).close("rect");
        return this;
    }

    Chart point(String style, double atX, double atY, double radius) {
        page.empty(
                "circle",
                "class",
                style,
                "cx",
                Numbers.pixels(x.at(atX)),
                "cy",
                Numbers.pixels(y.at(atY)),
                "r",
                Numbers.pixels(radius));
        return this;
    }

    /** A level across the chart. */
    Chart level(String style, double value) {
        return line(style, LEFT, y.at(value), width - RIGHT, y.at(value));
    }

    /** A place on the way, from bottom to top. */
    Chart place(String style, double value) {
        return line(style, x.at(value), TOP, x.at(value), height - BOTTOM);
    }

    Chart segment(String style, double x1, double y1, double x2, double y2) {
        return line(style, x.at(x1), y.at(y1), x.at(x2), y.at(y2));
    }

    /** A few words at a point, turned to the inside of the chart and always within its frame. */
    Chart label(double atX, double atY, String words) {
        double px = x.at(atX);
        double py = y.at(atY);
        boolean left = px > (LEFT + width - RIGHT) / 2;
        double baseline = py < TOP + 16 ? py + 16 : py - 7;
        return write(words, px + (left ? -7 : 7), Math.min(baseline, height - BOTTOM - 5), left ? "end" : "start");
    }

    Chart write(String words, double px, double py, String anchor) {
        page.element(
                "text",
                words,
                "class",
                "note",
                "x",
                Numbers.pixels(px),
                "y",
                Numbers.pixels(py),
                "text-anchor",
                anchor);
        return this;
    }

    private Chart line(String style, double x1, double y1, double x2, double y2) {
        page.empty(
                "line",
                "class",
                style,
                "x1",
                Numbers.pixels(x1),
                "y1",
                Numbers.pixels(y1),
                "x2",
                Numbers.pixels(x2),
                "y2",
                Numbers.pixels(y2));
        return this;
    }

    private String path(double[] xs, double[] ys, int[] indexes, String first) {
        StringBuilder path = new StringBuilder(indexes.length * 12);
        for (int i = 0; i < indexes.length; i++) {
            path.append(i == 0 ? first : "L")
                    .append(Numbers.pixels(x.at(xs[indexes[i]])))
                    .append(' ')
                    .append(Numbers.pixels(y.at(ys[indexes[i]])));
        }
        return path.toString();
    }
}
