package io.pipelinev2.backtest.market;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.format.ResolverStyle;
import java.time.temporal.TemporalAccessor;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads the times of one file: Unix seconds or milliseconds, or ISO 8601 with an offset; without one only in a zone that
 * was named, and then no time that the zone's clocks showed twice or never. All times of a file are of one kind, so that
 * a unit can never change half way down.
 */
final class BarTime {

    /** Unix seconds of the year 2200. */
    static final long SECONDS_END = Instant.parse("2200-01-01T00:00:00Z").getEpochSecond();

    /** March 1973: a smaller number is rather a compact date such as 20240131, or an index. */
    private static final long SECONDS_BEGIN = 100_000_000L;

    private static final int MAX_LENGTH = 40;
    private static final long LAST = Instant.parse("9999-12-31T23:59:59.999Z").toEpochMilli();
    private static final DateTimeFormatter ISO = new DateTimeFormatterBuilder()
            .append(DateTimeFormatter.ISO_LOCAL_DATE)
            .optionalStart()
            .appendLiteral('T')
            .append(DateTimeFormatter.ISO_LOCAL_TIME)
            .optionalStart()
            .appendPattern("[XXX][XX][X]")
            .optionalEnd()
            .optionalEnd()
            .toFormatter(Locale.ROOT)
            .withResolverStyle(ResolverStyle.STRICT);

    private enum Kind {
        SECONDS("Unix seconds"),
        MILLISECONDS("Unix milliseconds"),
        OFFSET("a time with an offset"),
        LOCAL("a time without an offset");

        private final String words;

        Kind(String words) {
            this.words = words;
        }
    }

    private final Optional<ZoneId> zone;
    private @Nullable Kind kind;

    BarTime(Optional<ZoneId> zone) {
        this.zone = zone;
    }

    /**
     * Epoch milliseconds.
     *
     * @throws IllegalArgumentException saying what is wrong with the text, to continue "the time 'x' "
     */
    long read(String text) {
        if (text.isEmpty() || text.length() > MAX_LENGTH) {
            throw notTime();
        }
        long millis = text.length() < 8 || text.chars().limit(5).allMatch(BarTime::isDigit) ? number(text) : iso(text);
        if (millis < 0 || millis > LAST) {
            throw new IllegalArgumentException("is not between 1970 and 9999");
        }
        return millis;
    }

    private long number(String text) {
        // NumPy and pandas write whole numbers of float columns with ".0".
        String whole = text.endsWith(".0") ? text.substring(0, text.length() - 2) : text;
        if (whole.isEmpty() || whole.length() > 14 || !whole.chars().allMatch(BarTime::isDigit)) {
            throw new IllegalArgumentException("is not a whole number of Unix seconds or milliseconds");
        }
        long number = Long.parseLong(whole);
        if (number >= SECONDS_BEGIN && number < SECONDS_END) {
            require(Kind.SECONDS);
            return number * 1000;
        }
        if (number >= SECONDS_BEGIN * 1000 && number < SECONDS_END * 1000) {
            require(Kind.MILLISECONDS);
            return number;
        }
        throw new IllegalArgumentException("is not between 1973 and 2200 in Unix seconds or milliseconds");
    }

    private long iso(String text) {
        String iso = text.endsWith(" UTC") ? text.substring(0, text.length() - 4) + "Z" : text;
        if (iso.length() > 10 && iso.charAt(10) == ' ') {
            iso = iso.substring(0, 10) + 'T' + iso.substring(11);
        }
        TemporalAccessor time;
        try {
            time = ISO.parseBest(iso, OffsetDateTime::from, LocalDateTime::from, LocalDate::from);
        } catch (DateTimeException e) {
            throw notTime();
        }
        try {
            if (time instanceof OffsetDateTime offset) {
                require(Kind.OFFSET);
                return offset.toInstant().toEpochMilli();
            }
            require(Kind.LOCAL);
            return local(time instanceof LocalDate date ? date.atStartOfDay() : LocalDateTime.from(time));
        } catch (ArithmeticException e) {
            throw new IllegalArgumentException("is not between 1970 and 9999", e);
        }
    }

    private long local(LocalDateTime time) {
        ZoneId in = zone.orElseThrow(() -> new IllegalArgumentException(
                "has no time zone. Export times in UTC with a Z at the end, or set data.time_zone"));
        List<ZoneOffset> offsets = in.getRules().getValidOffsets(time);
        if (offsets.size() != 1) {
            throw new IllegalArgumentException((offsets.isEmpty() ? "never was in " : "was twice in ") + in
                    + ", where clocks were changed then. Export times in UTC with a Z at the end");
        }
        return time.toInstant(offsets.get(0)).toEpochMilli();
    }

    private void require(Kind found) {
        if (kind == null) {
            kind = found;
        } else if (kind != found) {
            throw new IllegalArgumentException("is " + found.words + ", but the file began with " + kind.words
                    + ". Write all times of a file in one way");
        }
    }

    private static boolean isDigit(int c) {
        return c >= '0' && c <= '9';
    }

    private static IllegalArgumentException notTime() {
        return new IllegalArgumentException(
                "is neither Unix seconds or milliseconds nor ISO 8601 such as 2024-01-31T17:00:00Z");
    }
}
