package io.pipelinev2.runner.cli;

import io.pipelinev2.runner.config.InertText;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.ToIntFunction;
import java.util.stream.IntStream;

/**
 * A table in plain text that fits the terminal, if there is one: its last column is shortened first, then columns that can
 * be done without are left out, which a last line says, and then its first column is shortened from the front.
 */
final class TextTable {

    /** Where nothing is told of the terminal's width. */
    static final int LEAST_WIDTH = 40;

    private static final String GAP = "  ";
    private static final int WORTH_READING = 24;
    private static final int SHORTEST_NAME = 10;

    private enum Kind {
        TEXT,
        NUMBER,
        STATE
    }

    private record Column(String title, Kind kind, int necessity) {}

    private final List<Column> columns = new ArrayList<>();
    private final List<List<String>> rows = new ArrayList<>();
    private boolean coloured;

    /** Adds a column of text. */
    TextTable text(String title) {
        return add(title, Kind.TEXT);
    }

    /** Adds a column of numbers. */
    TextTable number(String title) {
        return add(title, Kind.NUMBER);
    }

    /** Adds a column of words that say how something is. */
    TextTable state(String title) {
        return add(title, Kind.STATE);
    }

    private TextTable add(String title, Kind kind) {
        columns.add(new Column(title, kind, Integer.MAX_VALUE));
        return this;
    }

    /** The column that was added last may be left out; the one with the least necessity goes first. */
    TextTable dispensable(int necessity) {
        Column last = columns.remove(columns.size() - 1);
        columns.add(new Column(last.title(), last.kind(), necessity));
        return this;
    }

    /** With colours. */
    TextTable coloured(boolean on) {
        coloured = on;
        return this;
    }

    void row(List<String> cells) {
        if (cells.size() != columns.size()) {
            throw new IllegalArgumentException(cells.size() + " cells for " + columns.size() + " columns");
        }
        rows.add(cells.stream().map(InertText::of).toList());
    }

    String format(Optional<Integer> width) {
        List<Integer> shown =
                new ArrayList<>(IntStream.range(0, columns.size()).boxed().toList());
        int[] widths = natural();
        List<String> leftOut = new ArrayList<>();
        width.ifPresent(columns -> leftOut.addAll(fit(widths, shown, Math.max(LEAST_WIDTH, columns))));
        StringBuilder text = new StringBuilder();
        line(text, columns.stream().map(Column::title).toList(), widths, shown, true);
        rows.forEach(row -> line(text, row, widths, shown, false));
        if (!leftOut.isEmpty()) {
            String words = "(a wider terminal shows " + String.join(", ", leftOut) + ", too)";
            text.append(DisplayWidth.cut(words, Math.max(LEAST_WIDTH, width.orElseThrow())))
                    .append('\n');
        }
        return text.toString();
    }

    private int[] natural() {
        return IntStream.range(0, columns.size())
                .map(i -> Math.max(
                        DisplayWidth.of(columns.get(i).title()),
                        rows.stream()
                                .mapToInt(row -> DisplayWidth.of(row.get(i)))
                                .max()
                                .orElse(0)))
                .toArray();
    }

    /** Makes the columns narrower and fewer until they fit, and tells which were left out. */
    private List<String> fit(int[] widths, List<Integer> shown, int width) {
        int last = columns.size() - 1;
        int first = 0;
        int wish = widths[last];
        boolean flexible = columns.get(last).kind() == Kind.TEXT && last > 0;
        if (flexible) {
            widths[last] = Math.min(wish, WORTH_READING);
        }
        List<String> leftOut = new ArrayList<>();
        ToIntFunction<Integer> necessity = i -> columns.get(i).necessity();
        while (total(widths, shown) > width) {
            Optional<Integer> next = shown.stream()
                    .filter(i -> necessity.applyAsInt(i) < Integer.MAX_VALUE)
                    .min(Comparator.comparingInt(necessity));
            if (next.isEmpty()) {
                break;
            }
            shown.remove(next.get());
            leftOut.add(columns.get(next.get()).title());
        }
        widths[first] -= excess(widths[first], SHORTEST_NAME, total(widths, shown) - width);
        if (flexible) {
            int free = width - total(widths, shown);
            widths[last] = Math.max(1, Math.min(wish, widths[last] + free));
        }
        for (int i = shown.size() - 1; i > 0 && total(widths, shown) > width; i--) {
            int each = shown.get(i);
            widths[each] -= excess(widths[each], 1, total(widths, shown) - width);
        }
        return leftOut;
    }

    private static int excess(int width, int least, int tooMuch) {
        return Math.max(0, Math.min(width - least, tooMuch));
    }

    private static int total(int[] widths, List<Integer> shown) {
        return shown.stream().mapToInt(i -> widths[i]).sum() + GAP.length() * (shown.size() - 1);
    }

    private void line(StringBuilder text, List<String> cells, int[] widths, List<Integer> shown, boolean title) {
        StringBuilder line = new StringBuilder();
        for (int i : shown) {
            Kind kind = columns.get(i).kind();
            String cell = i == 0 && !title
                    ? DisplayWidth.cutFront(cells.get(i), widths[i])
                    : DisplayWidth.cut(cells.get(i), widths[i]);
            boolean lastShown = i == shown.get(shown.size() - 1);
            String blanks = " ".repeat(Math.max(0, widths[i] - DisplayWidth.of(cell)));
            String painted = paint(cell, kind, title);
            line.append(line.isEmpty() ? "" : GAP);
            if (kind == Kind.NUMBER) {
                line.append(blanks).append(painted);
            } else {
                line.append(painted).append(lastShown ? "" : blanks);
            }
        }
        text.append(line.toString().stripTrailing()).append('\n');
    }

    private String paint(String cell, Kind kind, boolean title) {
        if (!coloured) {
            return cell;
        }
        if (title) {
            return Paint.TITLE.on(cell);
        }
        return kind == Kind.STATE ? Paint.of(cell).on(cell) : cell;
    }
}
