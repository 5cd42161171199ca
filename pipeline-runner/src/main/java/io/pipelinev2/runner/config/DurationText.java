package io.pipelinev2.runner.config;

import java.math.BigDecimal;
import java.time.Duration;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Durations as people write them: {@code 500ms}, {@code 30s}, {@code 5m}, {@code 2h}, {@code 90d}, or a bare number of
 * seconds. Fractions are allowed ({@code 1.5h}), signs are not.
 */
public final class DurationText {

    static final String FORMS = "a duration: seconds as a number, or 500ms, 30s, 5m, 2h, 90d, up to 36500d";

    // what monotonic nanoseconds can count, and then some
    private static final Duration LONGEST = Duration.ofDays(36_500);
    private static final BigDecimal LONGEST_SECONDS = BigDecimal.valueOf(LONGEST.toSeconds());
    private static final Pattern FORM = Pattern.compile("(\\d{1,20}(?:\\.\\d{1,20})?) ?(ms|s|m|h|d)?");
    private static final Map<String, BigDecimal> SECONDS = Map.of(
            "ms", new BigDecimal("0.001"),
            "s", BigDecimal.ONE,
            "m", BigDecimal.valueOf(60),
            "h", BigDecimal.valueOf(3600),
            "d", BigDecimal.valueOf(86_400));

    private DurationText() {}

    /**
     * Reads a duration.
     *
     * @throws IllegalArgumentException if the text is none, or longer than 36500 days
     */
    public static Duration parse(String text) {
        Matcher form = FORM.matcher(text.strip());
        if (!form.matches()) {
            throw new IllegalArgumentException(FORMS);
        }
        String unit = form.group(2) == null ? "s" : form.group(2);
        return ofSeconds(new BigDecimal(form.group(1)).multiply(SECONDS.get(unit)));
    }

    static Duration ofSeconds(BigDecimal seconds) {
        // compared before anything is computed: 1e999999999 is cheap to write and dear to expand
        if (seconds.signum() < 0 || seconds.compareTo(LONGEST_SECONDS) > 0) {
            throw new IllegalArgumentException(FORMS);
        }
        if (seconds.signum() > 0 && seconds.compareTo(new BigDecimal("1e-9")) < 0) {
            return Duration.ZERO;
        }
        return Duration.ofNanos(seconds.movePointRight(9).toBigInteger().longValueExact());
    }

    /** The shortest exact form, such as {@code 5m}. */
    public static String of(Duration duration) {
        if (duration.isZero()) {
            return "0s";
        }
        if (duration.getNano() != 0) {
            BigDecimal seconds = BigDecimal.valueOf(duration.getSeconds())
                    .add(BigDecimal.valueOf(duration.getNano(), 9))
                    .stripTrailingZeros();
            return duration.getSeconds() == 0 && duration.getNano() % 1_000_000 == 0
                    ? duration.toMillis() + "ms"
                    : seconds.toPlainString() + "s";
        }
        long seconds = duration.getSeconds();
        if (seconds % 86_400 == 0) {
            return seconds / 86_400 + "d";
        }
        if (seconds % 3600 == 0) {
            return seconds / 3600 + "h";
        }
        return seconds % 60 == 0 ? seconds / 60 + "m" : seconds + "s";
    }
}
