package io.pipelinev2.deploy.papertrading.feed;

import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The time between two bars as endpoints call it: {@code 1Min}, {@code 15T}, {@code 1Hour}, {@code 1Day}. */
final class Timeframe {

    private static final Pattern FORM = Pattern.compile("([1-9]\\d{0,2})(Sec|S|Min|T|Hour|H|Day|D)");
    private static final Map<String, ChronoUnit> UNITS = Map.of(
            "Sec", ChronoUnit.SECONDS,
            "S", ChronoUnit.SECONDS,
            "Min", ChronoUnit.MINUTES,
            "T", ChronoUnit.MINUTES,
            "Hour", ChronoUnit.HOURS,
            "H", ChronoUnit.HOURS,
            "Day", ChronoUnit.DAYS,
            "D", ChronoUnit.DAYS);

    private Timeframe() {}

    /** @throws IllegalArgumentException if it is none; weeks and months are of no fixed length to an indicator */
    static Duration of(String text) {
        Matcher form = FORM.matcher(text);
        if (!form.matches()) {
            throw new IllegalArgumentException(
                    "timeframe must be such as 1Min, 15Min, 1Hour or 1Day, was " + Inert.shown(text));
        }
        ChronoUnit unit = UNITS.get(form.group(2));
        if (unit == null) {
            throw new IllegalStateException("no unit for " + text);
        }
        return Duration.of(Long.parseLong(form.group(1)), unit);
    }
}
