package io.pipelinev2.runner.config;

import java.math.BigDecimal;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Sizes as people write them: a bare number of bytes, {@code kB}, {@code MB} and {@code GB} as powers of 1000, {@code KiB},
 * {@code MiB} and {@code GiB} as powers of 1024.
 */
final class SizeText {

    static final String FORMS = "a size: bytes as a number, or 500kB, 10MB, 1GB (powers of 1000), 10MiB (of 1024)";

    private static final BigDecimal LARGEST = BigDecimal.valueOf(1_000_000_000_000_000L);
    private static final Pattern FORM = Pattern.compile("(\\d{1,16}(?:\\.\\d{1,6})?) ?([A-Za-z]*)");
    private static final Map<String, Long> BYTES = Map.of(
            "", 1L,
            "B", 1L,
            "kB", 1_000L,
            "KB", 1_000L,
            "MB", 1_000_000L,
            "GB", 1_000_000_000L,
            "KiB", 1_024L,
            "MiB", 1_048_576L,
            "GiB", 1_073_741_824L);

    private SizeText() {}

    static long parse(String text) {
        Matcher form = FORM.matcher(text.strip());
        Long unit = form.matches() ? BYTES.get(form.group(2)) : null;
        if (unit == null) {
            throw new IllegalArgumentException(FORMS);
        }
        return ofBytes(new BigDecimal(form.group(1)).multiply(BigDecimal.valueOf(unit)));
    }

    static long ofBytes(BigDecimal bytes) {
        if (bytes.compareTo(BigDecimal.ONE) < 0 || bytes.compareTo(LARGEST) > 0) {
            throw new IllegalArgumentException(FORMS);
        }
        return bytes.toBigInteger().longValueExact();
    }
}
