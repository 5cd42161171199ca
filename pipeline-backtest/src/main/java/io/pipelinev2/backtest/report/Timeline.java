package io.pipelinev2.backtest.report;

import io.pipelinev2.backtest.report.Ticks.Tick;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * When the steps of a run were. With the times of the bars that is a date in UTC; without them it is the day that the
 * steps per year make of the step's number.
 */
final class Timeline {

    static final double DAYS_PER_YEAR = 365;

    private static final double MILLIS_PER_DAY = 86_400_000.0;
    private static final DateTimeFormatter MINUTE =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm", Locale.ROOT).withZone(ZoneOffset.UTC);
    private static final DateTimeFormatter HOUR =
            DateTimeFormatter.ofPattern("d MMM HH:mm", Locale.ROOT).withZone(ZoneOffset.UTC);
    private static final DateTimeFormatter DAY =
            DateTimeFormatter.ofPattern("d MMM", Locale.ROOT).withZone(ZoneOffset.UTC);
    private static final DateTimeFormatter MONTH =
            DateTimeFormatter.ofPattern("MMM yyyy", Locale.ROOT).withZone(ZoneOffset.UTC);
    private static final int[] HOURS = {1, 3, 6, 12, 24, 48, 7 * 24, 14 * 24};
    private static final int[] MONTHS = {1, 3, 6, 12, 24, 60, 120, 240, 600};

    private final int steps;
    private final double daysPerStep;
    private final double periodsPerYear;
    private final long @Nullable [] times;

    /**
     * @param steps number of steps; there is one point more
     * @param times epoch milliseconds of each point, ascending, or null
     */
    Timeline(int steps, double periodsPerYear, long @Nullable [] times) {
        this.steps = steps;
        this.periodsPerYear = periodsPerYear;
        this.daysPerStep = DAYS_PER_YEAR / periodsPerYear;
        this.times = times;
    }

    /** Epoch milliseconds of each point, or null when they are not known. */
    long @Nullable [] times() {
        return times;
    }

    /** Place of a point on the axis. */
    double at(int point) {
        return times != null ? (times[point] - times[0]) / MILLIS_PER_DAY : inSteps() ? point : point * daysPerStep;
    }

    /** Places of the points of this range. */
    double[] at(int from, int to) {
        double[] places = new double[to - from];
        for (int i = from; i < to; i++) {
            places[i - from] = at(i);
        }
        return places;
    }

    /** Length of the run in days, by the clock or by the steps per year. */
    double days() {
        return times != null ? (times[steps] - times[0]) / MILLIS_PER_DAY : steps * daysPerStep;
    }

    String name(int point) {
        return times != null
                ? MINUTE.format(Instant.ofEpochMilli(times[point])) + " UTC"
                : "step " + Numbers.whole(point) + (inSteps() ? "" : ", day " + Numbers.decimals(at(point), 1));
    }

    String caption() {
        if (times != null) {
            return name(0).replace(" UTC", "") + " to " + name(steps);
        }
        return inSteps()
                ? "steps"
                : "days from the start, at "
                        + Numbers.significant(periodsPerYear).replaceAll("\\.0+$", "")
                        + " steps per year (the data has no dates)";
    }

    List<Tick> ticks() {
        double end = at(steps);
        if (times == null || end <= 0) {
            if (inSteps()) {
                return Ticks.labelled(Ticks.whole(0, end, 8), Numbers::whole);
            }
            int decimals = Ticks.decimals(0, end, 8);
            return Ticks.labelled(Ticks.linear(0, end, 8), value -> Numbers.decimals(value, decimals));
        }
        long[] of = times;
        for (int hours : HOURS) {
            if (end * 24 / hours <= 8) {
                return every(of, hours * 3_600_000L, hours < 24 ? HOUR : DAY);
            }
        }
        for (int months : MONTHS) {
            if (end / 30.4 / months <= 9) {
                return months(of, months);
            }
        }
        return months(of, 1200);
    }

    private boolean inSteps() {
        return times == null && steps * daysPerStep < 2;
    }

    private static List<Tick> every(long[] times, long millis, DateTimeFormatter format) {
        List<Tick> ticks = new ArrayList<>();
        long first = Math.floorDiv(times[0] + millis - 1, millis) * millis;
        for (long at = first; at <= times[times.length - 1]; at += millis) {
            ticks.add(new Tick((at - times[0]) / MILLIS_PER_DAY, format.format(Instant.ofEpochMilli(at))));
        }
        return ticks;
    }

    private static List<Tick> months(long[] times, int months) {
        List<Tick> ticks = new ArrayList<>();
        LocalDate start = LocalDate.ofInstant(Instant.ofEpochMilli(times[0]), ZoneOffset.UTC);
        LocalDate at = start.withDayOfMonth(1);
        while (Math.floorMod(at.getYear() * 12 + at.getMonthValue() - 1, months) != 0 || at.isBefore(start)) {
            at = at.plusMonths(1);
        }
        for (;
                at.atStartOfDay(ZoneOffset.UTC).toInstant().toEpochMilli() <= times[times.length - 1];
                at = at.plusMonths(months)) {
            Instant instant = at.atStartOfDay(ZoneOffset.UTC).toInstant();
            double place = (instant.toEpochMilli() - times[0]) / MILLIS_PER_DAY;
            ticks.add(new Tick(place, months >= 12 ? Integer.toString(at.getYear()) : MONTH.format(instant)));
        }
        return ticks;
    }
}
