package io.pipelinev2.runner.http.exchange;

import io.pipelinev2.core.store.TrialQuery;
import io.pipelinev2.runner.http.problem.ProblemException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where a page of trials ended, as text that callers hand back unread. It says by what was sorted, so that it cannot be used
 * in another order.
 */
public final class PageKey {

    private static final Pattern FORM =
            Pattern.compile("([a-z_]+)(-?);(\\d{1,18});(-?\\d{1,9});(null|[0-9a-f]{1,16});(\\d{1,13})");

    private PageKey() {}

    public static String of(TrialQuery.Sort sort, boolean descending, TrialQuery.Place place) {
        Double value = place.value();
        String text = "%s;%d;%d;%s;%d"
                .formatted(
                        order(sort, descending),
                        place.id(),
                        place.number(),
                        value == null ? "null" : Long.toHexString(Double.doubleToLongBits(value)),
                        place.updatedAt().toEpochMilli());
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.US_ASCII));
    }

    /** @throws ProblemException if it is not one of this order */
    public static TrialQuery.@Nullable Place parse(@Nullable String key, TrialQuery.Sort sort, boolean descending) {
        if (key == null) {
            return null;
        }
        Matcher parts = FORM.matcher(decoded(key));
        if (!parts.matches()) {
            throw malformed();
        }
        if (!(parts.group(1) + parts.group(2)).equals(order(sort, descending))) {
            throw new ProblemException(
                    400,
                    "This `after` belongs to another order. Begin again without it when `sort` or `order` changes.");
        }
        String bits = parts.group(5);
        Double value = bits.equals("null") ? null : Double.longBitsToDouble(Long.parseUnsignedLong(bits, 16));
        if (value != null && value.isNaN()) {
            throw malformed();
        }
        return new TrialQuery.Place(
                Long.parseLong(parts.group(3)),
                Integer.parseInt(parts.group(4)),
                value,
                Instant.ofEpochMilli(Long.parseLong(parts.group(6))));
    }

    private static String decoded(String key) {
        try {
            return new String(Base64.getUrlDecoder().decode(key), StandardCharsets.US_ASCII);
        } catch (IllegalArgumentException e) {
            throw malformed();
        }
    }

    private static ProblemException malformed() {
        return new ProblemException(
                400, "This `after` is not one that was given out. Take it from `next` of the page before, unchanged.");
    }

    private static String order(TrialQuery.Sort sort, boolean descending) {
        return sort.name().toLowerCase(Locale.ROOT) + (descending ? "-" : "");
    }
}
