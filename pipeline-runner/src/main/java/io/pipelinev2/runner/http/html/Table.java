package io.pipelinev2.runner.http.html;

import java.util.ArrayList;
import java.util.List;

/**
 * A table that turns into cards on a narrow screen. Each cell then shows its column's name, and the roles are spelt out
 * because browsers forget those of a table that is not laid out as one.
 */
public final class Table {

    private record Column(String name, String style) {}

    private final String caption;
    private final List<Column> columns = new ArrayList<>();
    private final List<List<Node>> rows = new ArrayList<>();
    private final Element body = Element.of("tbody").attribute("role", "rowgroup");
    private final Element foot = Element.of("tfoot").attribute("role", "rowgroup");
    private boolean hasTotal;

    public Table(String caption) {
        this.caption = caption;
    }

    /** A column of words. */
    public Table words(String name) {
        columns.add(new Column(name, "words"));
        return this;
    }

    /** A column of figures, aligned by their last digit. */
    public Table figures(String name) {
        columns.add(new Column(name, "figures"));
        return this;
    }

    /** A column of sentences, which may be long. */
    public Table sentences(String name) {
        columns.add(new Column(name, "sentences"));
        return this;
    }

    /** A row; the first cell names it. */
    public void row(String style, List<Node> cells) {
        rows.add(cells);
        body.add(cells(style, cells));
    }

    /** The row below all others, which sums them up. */
    public void total(List<Node> cells) {
        foot.add(cells("total", cells));
        hasTotal = true;
    }

    private Element cells(String style, List<Node> cells) {
        Element row = Element.of("tr").attribute("role", "row").style(style);
        for (int i = 0; i < columns.size(); i++) {
            Column column = columns.get(i);
            Element cell = i == 0
                    ? Element.of("th").attribute("scope", "row").attribute("role", "rowheader")
                    : Element.of("td").attribute("role", "cell");
            row.add(cell.style(column.style())
                    .attribute("data-label", column.name())
                    .add(cells.get(i)));
        }
        return row;
    }

    /**
     * The first row alone, by the names of the columns but the first, which names it: for one thing that has more to it than
     * a screen is wide.
     *
     * @param said the columns that are told elsewhere
     */
    public Node facts(String... said) {
        Element list = Element.of("dl").style("facts");
        for (int i = 1; i < columns.size(); i++) {
            Column column = columns.get(i);
            if (List.of(said).contains(column.name()) || isEmpty(rows.get(0).get(i))) {
                continue;
            }
            list.add(Element.of(
                            "div",
                            Element.of("dt", column.name()),
                            Element.of("dd", rows.get(0).get(i)))
                    .style(column.style().equals("sentences") ? "sentences" : ""));
        }
        return list;
    }

    private static boolean isEmpty(Node cell) {
        StringBuilder html = new StringBuilder();
        cell.appendTo(html);
        return html.isEmpty();
    }

    public Node node() {
        Element head = Element.of("tr").attribute("role", "row");
        columns.forEach(column -> head.add(Element.of("th", column.name())
                .attribute("scope", "col")
                .attribute("role", "columnheader")
                .style(column.style())));
        Element table = Element.of(
                        "table",
                        Element.of("caption", caption).style("aside"),
                        Element.of("thead", head).attribute("role", "rowgroup"),
                        body)
                .attribute("role", "table");
        if (hasTotal) {
            table.add(foot);
        }
        // Focusable, so that it can be scrolled without a mouse.
        return Element.of("div", table)
                .style("scroll")
                .attribute("role", "region")
                .attribute("aria-label", caption)
                .attribute("tabindex", "0");
    }
}
