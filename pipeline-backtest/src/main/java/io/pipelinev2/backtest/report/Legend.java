package io.pipelinev2.backtest.report;

/** The key of a chart. A line's dashes and a surface's place in the list tell what colour alone would not. */
final class Legend {

    private final Html page;

    private Legend(Html page) {
        this.page = page;
    }

    static Legend begin(Html page) {
        page.open("ul", "class", "legend");
        return new Legend(page);
    }

    Legend line(String style, String words) {
        return entry(words, () -> page.empty("line", "class", style, "x1", "0", "y1", "6", "x2", "26", "y2", "6"));
    }

    Legend surface(String style, String words) {
        return entry(
                words, () -> page.empty("rect", "class", style, "x", "4", "y", "0", "width", "16", "height", "12"));
    }

    Legend dot(String style, String words) {
        return entry(words, () -> page.empty("circle", "class", style, "cx", "13", "cy", "6", "r", "4.5"));
    }

    void end() {
        page.close("ul");
    }

    private Legend entry(String words, Runnable sign) {
        page.open("li").open("svg", "class", "key", "viewBox", "0 0 26 12", "aria-hidden", "true");
        sign.run();
        page.close("svg").text(words).close("li");
        return this;
    }
}
