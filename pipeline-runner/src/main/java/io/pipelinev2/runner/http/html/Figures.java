package io.pipelinev2.runner.http.html;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Numbers and times as people read them. Written alike everywhere, whatever the machine's language. */
public final class Figures {

    /** What stands where there is no figure. */
    public static final String NONE = "–";

    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT).withZone(ZoneOffset.UTC);
    private static final char MINUS = '\u2212';

    private Figures() {}

    /** With so many decimals. */
    public static String number(@Nullable Double value, int decimals) {
        if (value == null || value.isNaN()) {
            return NONE;
        }
        if (value.isInfinite()) {
            return value > 0 ? "∞" : MINUS + "∞";
        }
        // what is too large to read in full is written with its power of ten
        return Math.abs(value) < 1e9 ? signed("%,." + decimals + "f", value) : signed("%.3e", value);
    }

    /** A share of one as percent, its sign always shown. */
    public static String change(@Nullable Double share) {
        return share == null ? NONE : (share > 0 && !rounded(share).equals("0.00") ? "+" : "") + percent(share);
    }

    /** A share of one as percent. */
    public static String percent(@Nullable Double share) {
        return share == null ? NONE : number(share * 100, 2) + " %";
    }

    /** A gain or a loss, its sign always shown. */
    public static String gain(@Nullable Double value) {
        String written = number(value, 2);
        return value != null && value > 0 && !written.equals("0.00") ? "+" + written : written;
    }

    public static String count(@Nullable Long value) {
        return value == null ? NONE : String.format(Locale.ROOT, "%,d", value);
    }

    public static String rank(@Nullable Integer rank) {
        return rank == null ? NONE : rank.toString();
    }

    /** How long ago something was, in one unit; what lies ahead by a wrong clock was just now. */
    public static String ago(Instant then, Instant now) {
        long seconds = Duration.between(then, now).toSeconds();
        return seconds < 1 ? "just now" : span(Duration.ofSeconds(seconds)) + " ago";
    }

    /** A duration in one unit. */
    public static String span(Duration duration) {
        long seconds = duration.toSeconds();
        if (seconds < 120) {
            return seconds + " s";
        }
        if (seconds < 2 * 3600) {
            return seconds / 60 + " min";
        }
        return seconds < 48 * 3600 ? seconds / 3600 + " h" : seconds / 86400 + " days";
    }

    public static String time(Instant at) {
        return TIME.format(at) + " UTC";
    }

    private static String rounded(double share) {
        return String.format(Locale.ROOT, "%.2f", share * 100);
    }

    private static String signed(String format, double value) {
        String written = String.format(Locale.ROOT, format, value);
        boolean zero = written.chars().noneMatch(c -> c >= '1' && c <= '9');
        return written.startsWith("-") ? (zero ? "" : MINUS) + written.substring(1) : written;
    }
}
