package io.pipelinev2.backtest.report;

import java.time.DayOfWeek;
import java.time.Instant;
import java.time.LocalDate;
import java.time.Month;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.TextStyle;
import java.time.temporal.TemporalAdjusters;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The run cut into periods, laid out as a calendar: months by year, days by week when the run is shorter than three
 * months, and blocks of days counted from the start when the data has no dates.
 *
 * @param title what the periods are
 * @param rows labels from top to bottom
 * @param columns labels from left to right
 * @param cells in the order of time
 */
record PeriodReturns(String title, List<String> rows, List<String> columns, List<Cell> cells) {

    /** Shorter runs are shown by the day. */
    private static final double DAYS_FOR_MONTHS = 92;

    private static final int MOST_ROWS = 60;
    private static final DateTimeFormatter ROW = DateTimeFormatter.ofPattern("d MMM", Locale.ROOT);

    /**
     * One period.
     *
     * @param name for people
     * @param change of the equity over it
     * @param steps that it has in this run
     */
    record Cell(int row, int column, String name, double change, int steps) {

        /** As JSON-like values. */
        Map<String, @Nullable Object> toMap() {
            Map<String, @Nullable Object> map = new LinkedHashMap<>();
            map.put("period", name);
            map.put("return", change);
            map.put("steps", steps);
            return map;
        }
    }

    static PeriodReturns of(RunSeries run) {
        long[] times = run.timeline().times();
        boolean months = run.timeline().days() >= DAYS_FOR_MONTHS;
        if (times != null && run.steps() > 0) {
            LocalDate first = date(times[1]);
            LocalDate last = date(times[run.steps()]);
            if (!months) {
                return days(run, times, first);
            }
            if (last.getYear() - first.getYear() < MOST_ROWS) {
                return months(run, times, first, last);
            }
        }
        return blocks(run, months ? 30 : 1, months ? 12 : 10);
    }

    private static PeriodReturns months(RunSeries run, long[] times, LocalDate first, LocalDate last) {
        List<String> rows = new ArrayList<>();
        for (int year = first.getYear(); year <= last.getYear(); year++) {
            rows.add(Integer.toString(year));
        }
        List<String> columns = new ArrayList<>();
        for (Month month : Month.values()) {
            columns.add(month.getDisplayName(TextStyle.SHORT, Locale.ROOT));
        }
        List<Cell> cells = new ArrayList<>();
        for (int from = 1; from <= run.steps(); ) {
            LocalDate month = date(times[from]).withDayOfMonth(1);
            int to = from;
            while (to <= run.steps() && date(times[to]).withDayOfMonth(1).equals(month)) {
                to++;
            }
            cells.add(cell(
                    run,
                    from - 1,
                    to - 1,
                    month.getYear() - first.getYear(),
                    month.getMonthValue() - 1,
                    month.toString().substring(0, 7)));
            from = to;
        }
        return new PeriodReturns("Returns by month (UTC)", rows, columns, List.copyOf(cells));
    }

    private static PeriodReturns days(RunSeries run, long[] times, LocalDate first) {
        List<String> columns = new ArrayList<>();
        for (DayOfWeek day : DayOfWeek.values()) {
            columns.add(day.getDisplayName(TextStyle.SHORT, Locale.ROOT));
        }
        LocalDate monday = first.with(TemporalAdjusters.previousOrSame(DayOfWeek.MONDAY));
        List<String> rows = new ArrayList<>();
        List<Cell> cells = new ArrayList<>();
        for (int from = 1; from <= run.steps(); ) {
            LocalDate day = date(times[from]);
            int to = from;
            while (to <= run.steps() && date(times[to]).equals(day)) {
                to++;
            }
            int week = (int) ((day.toEpochDay() - monday.toEpochDay()) / 7);
            while (rows.size() <= week) {
                rows.add(monday.plusWeeks(rows.size()).format(ROW));
            }
            cells.add(cell(run, from - 1, to - 1, week, day.getDayOfWeek().getValue() - 1, day.toString()));
            from = to;
        }
        return new PeriodReturns("Returns by day (UTC), one row a week", rows, columns, List.copyOf(cells));
    }

    private static PeriodReturns blocks(RunSeries run, int days, int perRow) {
        int size = Math.max(run.stepsIn(days), (run.steps() - 1) / (MOST_ROWS * perRow) + 1);
        double sizeInDays = size * Timeline.DAYS_PER_YEAR / run.periodsPerYear();
        boolean whole = size == run.stepsIn(days) && Math.abs(sizeInDays - days) < 0.01 * days;
        List<String> rows = new ArrayList<>();
        List<Cell> cells = new ArrayList<>();
        for (int from = 0; from < run.steps(); from += size) {
            int block = from / size;
            int to = Math.min(run.steps(), from + size);
            if (block % perRow == 0) {
                rows.add(whole ? "day " + Numbers.whole((double) block * days) : "step " + Numbers.whole(from));
            }
            cells.add(cell(
                    run,
                    from,
                    to,
                    block / perRow,
                    block % perRow,
                    "steps " + Numbers.whole(from + 1) + " to " + Numbers.whole(to)));
        }
        List<String> columns = new ArrayList<>();
        for (int column = 0; column < perRow; column++) {
            columns.add("+" + Numbers.whole(whole ? (double) column * days : (double) column * size));
        }
        String length = whole ? (days == 1 ? "day" : days + " days") : Numbers.whole(size) + " steps";
        return new PeriodReturns(
                "Returns by blocks of " + (whole && days == 1 ? "one day" : length)
                        + " from the start (the data has no dates)",
                rows,
                columns,
                List.copyOf(cells));
    }

    private static Cell cell(RunSeries run, int from, int to, int row, int column, String name) {
        double change = run.equity()[to] / run.equity()[from] - 1;
        return new Cell(row, column, name, change, to - from);
    }

    private static LocalDate date(long millis) {
        return LocalDate.ofInstant(Instant.ofEpochMilli(millis), ZoneOffset.UTC);
    }
}
