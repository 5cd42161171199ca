package io.pipelinev2.backtest.report;

/** A table with a caption and headed columns. */
final class Table {

    private final Html page;

    private Table(Html page) {
        this.page = page;
    }

    static Table begin(Html page, String caption, String... heads) {
        page.open("div", "class", "scroll", "tabindex", "0", "role", "group", "aria-label", caption)
                .open("table")
                .element("caption", caption)
                .open("thead")
                .open("tr");
        for (String head : heads) {
            page.element("th", head, "scope", "col");
        }
        page.close("tr").close("thead").open("tbody");
        return new Table(page);
    }

    Table row() {
        page.open("tr");
        return this;
    }

    Table head(String text, String hover) {
        page.open("th", "scope", "row");
        if (hover.isEmpty()) {
            page.text(text);
        } else {
            page.element("abbr", text, "title", hover);
        }
        page.close("th");
        return this;
    }

    Table cell(String text) {
        page.element("td", text);
        return this;
    }

    Table cell(String text, String style) {
        page.element("td", text, "class", style);
        return this;
    }

    /** A number with its full precision on hover. */
    Table number(String text, String hover) {
        if (hover.isEmpty()) {
            page.element("td", text, "class", "number");
        } else {
            page.element("td", text, "class", "number", "title", hover);
        }
        return this;
    }

    /** Ends a row that is open, else the table. */
    Table end() {
        if (page.isIn("tr")) {
            page.close("tr");
        } else {
            page.close("tbody").close("table").close("div");
        }
        return this;
    }
}
