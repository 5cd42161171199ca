package io.pipelinev2.backtest.report;

import io.pipelinev2.backtest.report.PeriodReturns.Cell;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The returns of days or months as a calendar: sign and number in each cell, colour on top. */
final class CalendarSection implements Section {

    private static final double ROW = 30;
    private static final double TOP = 24;
    private static final double LEFT = 76;
    private static final double STRONGEST = 0.62;

    private final PeriodReturns periods;

    CalendarSection(RunSeries run) {
        this.periods = PeriodReturns.of(run);
    }

    @Override
    public String key() {
        return "calendar";
    }

    @Override
    public void write(Html page) {
        page.open("section", "id", key()).element("h2", periods.title());
        if (periods.cells().isEmpty()) {
            page.element("p", "There are no steps.", "class", "none").close("section");
            return;
        }
        long gains = periods.cells().stream().filter(cell -> cell.change() > 0).count();
        long losses = periods.cells().stream().filter(cell -> cell.change() < 0).count();
        double strongest = periods.cells().stream()
                .mapToDouble(cell -> Math.abs(cell.change()))
                .max()
                .orElse(0);
        String summary = gains + " of " + periods.cells().size() + " periods gained, " + losses + " lost.";
        double wide = (Chart.WIDE - LEFT) / periods.columns().size();
        Chart chart = Chart.begin(
                page,
                key(),
                periods.title(),
                summary,
                Chart.WIDE,
                TOP + ROW * periods.rows().size() + 4);
        for (int column = 0; column < periods.columns().size(); column++) {
            chart.write(periods.columns().get(column), LEFT + wide * (column + 0.5), TOP - 9, "middle");
        }
        for (int row = 0; row < periods.rows().size(); row++) {
            chart.write(periods.rows().get(row), LEFT - 9, TOP + ROW * row + ROW / 2 + 4, "end");
        }
        for (Cell cell : periods.cells()) {
            draw(page, chart, cell, wide, strongest);
        }
        chart.end();
        page.element("p", summary + " Numbers are percent of the equity at the period's start.", "class", "remark")
                .close("section");
    }

    private static void draw(Html page, Chart chart, Cell cell, double wide, double strongest) {
        double left = LEFT + wide * cell.column();
        double top = TOP + ROW * cell.row();
        String style = cell.change() > 0 ? "gain" : cell.change() < 0 ? "loss" : "even";
        double strength = strongest == 0 ? 0 : STRONGEST * Math.abs(cell.change()) / strongest;
        page.open("g", "class", style, "style", "--strength:" + Numbers.decimals(0.05 + strength, 2));
        chart.rectangle(
                "cell",
                left + 1,
                top + 1,
                wide - 2,
                ROW - 2,
                cell.name() + ": " + Numbers.change(cell.change()) + " in " + Numbers.whole(cell.steps()) + " steps");
        double percent = cell.change() * 100;
        String words = Double.isFinite(percent)
                ? Numbers.signed(
                        Numbers.decimals(percent, Math.abs(percent) < 10 ? 2 : Math.abs(percent) < 100 ? 1 : 0))
                : Numbers.change(cell.change());
        chart.write(words, left + wide / 2, top + ROW / 2 + 4, "middle");
        page.close("g");
    }

    @Override
    public Map<String, @Nullable Object> toMap() {
        Map<String, @Nullable Object> map = new LinkedHashMap<>();
        map.put("title", periods.title());
        map.put("periods", periods.cells().stream().map(Cell::toMap).toList());
        return map;
    }
}
