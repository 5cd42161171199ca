package io.pipelinev2.runner.cli;

import io.pipelinev2.runner.config.InertText;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** A table in plain text. Its last column is cut to the terminal's width, if there is one. */
final class TextTable {

    private static final String GAP = "  ";

    private record Column(String title, boolean right) {}

    private final List<Column> columns = new ArrayList<>();
    private final List<List<String>> rows = new ArrayList<>();

    /** Adds a column of text. */
    TextTable text(String title) {
        columns.add(new Column(title, false));
        return this;
    }

    /** Adds a column of numbers. */
    TextTable number(String title) {
        columns.add(new Column(title, true));
        return this;
    }

    void row(List<String> cells) {
        if (cells.size() != columns.size()) {
            throw new IllegalArgumentException(cells.size() + " cells for " + columns.size() + " columns");
        }
        rows.add(cells.stream().map(InertText::of).toList());
    }

    String format(Optional<Integer> width) {
        int[] widths = new int[columns.size()];
        for (int i = 0; i < widths.length; i++) {
            int column = i;
            widths[i] = Math.max(
                    columns.get(i).title().length(),
                    rows.stream()
                            .mapToInt(row -> row.get(column).length())
                            .max()
                            .orElse(0));
        }
        StringBuilder text = new StringBuilder();
        line(text, columns.stream().map(Column::title).toList(), widths, width);
        rows.forEach(row -> line(text, row, widths, width));
        return text.toString();
    }

    private void line(StringBuilder text, List<String> cells, int[] widths, Optional<Integer> width) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < cells.size(); i++) {
            String cell = cells.get(i);
            String padding = " ".repeat(Math.max(0, widths[i] - cell.length()));
            line.append(i == 0 ? "" : GAP).append(columns.get(i).right() ? padding + cell : cell + padding);
        }
        String whole = line.toString().stripTrailing();
        boolean cut = width.isPresent() && whole.length() > width.get();
        text.append(cut ? whole.substring(0, width.get() - 1) + "…" : whole).append('\n');
    }
}
